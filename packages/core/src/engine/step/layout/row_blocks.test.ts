import test from "ava";
import { panelRowsInCache, rowBlocks, rowsWithin } from "./row_blocks.ts";

test("rows within some bytes are whole multiples, and one at least", (t) => {
  t.is(rowsWithin(16 * 1024, 120, 16), 32);
  t.is(rowsWithin(16 * 1024, 256, 16), 16);
  t.is(rowsWithin(16 * 1024, 257, 16), 16);
  t.is(rowsWithin(16 * 1024, 100_000, 6), 6);
  t.is(panelRowsInCache(120), 32);
});

test("blocks cover all rows in order, with one kernel for whole ones and one for the rest", (t) => {
  const made: string[] = [];
  const make = (rows: number, suffix: string): string => {
    made.push(`${rows}${suffix}`);
    return `${rows}`;
  };
  t.deepEqual(rowBlocks(40, 16, make), [
    { first: 0, rows: 16, kernel: "16" },
    { first: 16, rows: 16, kernel: "16" },
    { first: 32, rows: 8, kernel: "8" },
  ]);
  t.deepEqual(made.splice(0), ["16", "8/rest"]);
  t.deepEqual(rowBlocks(32, 16, make).length, 2);
  t.deepEqual(made.splice(0), ["16"]);
  t.deepEqual(rowBlocks(10, 16, make), [{ first: 0, rows: 10, kernel: "10" }]);
  t.deepEqual(made, ["10"]);
});
