import test from "ava";
import { table } from "./table.ts";

test("numbers stand to the right under their titles, text to the left, and no line ends in blanks", (t) => {
  const lines = table(
    [{ title: "layer" }, { title: "µs", numeric: true }, { title: "note" }],
    [
      ["conv2d_1", "3.1", ""],
      ["dense", "120.0", "slow"],
    ],
  );
  t.deepEqual(lines, ["layer        µs  note", "conv2d_1    3.1", "dense     120.0  slow"]);
});

test("without rows the titles are left", (t) => {
  t.deepEqual(table([{ title: "a" }, { title: "b", numeric: true }], []), ["a  b"]);
});

test("names of any script stay in their columns", (t) => {
  const names = ["cat", "猫", "e\u0301l\u00e8ve", "🐈‍⬛", "กำ"];
  const lines = table(
    [{ title: "class" }, { title: "right", numeric: true }],
    names.map((name) => [name, "1"]),
  );
  t.deepEqual(lines, [
    "class  right",
    "cat        1",
    "猫         1",
    "e\u0301l\u00e8ve      1",
    "🐈‍⬛         1",
    "กำ         1",
  ]);
});
