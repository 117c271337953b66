import test from "ava";
import { compareSpecs } from "./compare_specs.ts";

test("what fails as listed is no news", (t) => {
  const listed = [{ reason: "no strings", specs: ["a"] }];
  t.deepEqual(compareSpecs({ a: "boom", b: "" }, { a: "boom", b: "boom" }, listed), []);
});

test("each way to differ from the list is a line", (t) => {
  const listed = [
    { reason: "no strings", specs: ["mended", "gone", "worse"] },
    { reason: "pins the wrong value", right: "2", proof: "1 + 1", specs: ["wrong gradient", "wrong value"] },
  ];
  const lines = compareSpecs(
    { new: "boom\nmore", mended: "", worse: "boom", "wrong gradient": "boom", "wrong value": "boom" },
    { new: "boom", mended: "boom", worse: "", "wrong gradient": "", "wrong value": "" },
    listed,
  );
  t.deepEqual(lines, [
    "fails, and is not listed: new: boom",
    "passes with tfjs's own kernels: worse",
    "passes with tfjs's own kernels: wrong value",
    "is listed, but passes: mended",
    "is listed, but did not run: gone",
  ]);
});
