import test from "ava";
import { drawBars } from "./bars.ts";
import { sideBySide } from "./text_block.ts";

const bars = [
  { label: "0", share: 0.03125, marked: false },
  { label: "ten", share: 0.96875, marked: true },
];

test("draws bars in eighths of a cell, the marked one bold", (t) => {
  const { lines, columns } = drawBars(bars, 4, 8);
  t.deepEqual(lines, ["  0   ▏      3.13 %", "\x1b[1m> ten ███▉  96.88 %\x1b[0m"]);
  t.is(columns, lines[0].length);
});

test("draws plain letters without colors", (t) => {
  t.deepEqual(drawBars(bars, 4, 1).lines, ["  0          3.13 %", "> ten ####  96.88 %"]);
});

test("puts blocks next to each other where there is room, the lower one centered", (t) => {
  const left = { lines: ["aa", "bb", "cc"], columns: 2 };
  const right = { lines: ["x"], columns: 1 };
  t.deepEqual(sideBySide(left, right, 6), ["aa", "bb   x", "cc"]);
  t.deepEqual(sideBySide(right, left, 6), ["    aa", "x   bb", "    cc"]);
  t.deepEqual(sideBySide(left, right, 5), ["aa", "bb", "cc", "", "x"]);
});

test("bars begin under each other, whatever the names are written in", (t) => {
  const two = ["猫", "dog"].map((label) => ({ label, share: 0.5, marked: false }));
  const { lines, columns } = drawBars(two, 4, 1);
  t.deepEqual(lines, ["  猫  ##    50.00 %", "  dog ##    50.00 %"]);
  t.is(columns, 19);
});
