import test from "ava";
import { balanced } from "./tiling.ts";

test("tiles are as few as can be and differ by one at most", (t) => {
  t.deepEqual(balanced(6, 6), [{ size: 6, count: 1 }]);
  t.deepEqual(balanced(11, 6), [
    { size: 6, count: 1 },
    { size: 5, count: 1 },
  ]);
  t.deepEqual(balanced(13, 6), [
    { size: 5, count: 1 },
    { size: 4, count: 2 },
  ]);
  for (let length = 1; length < 60; length++) {
    const tiles = balanced(length, 6);
    t.is(
      tiles.reduce((sum, { size, count }) => sum + size * count, 0),
      length,
    );
    t.true(tiles.every(({ size }) => size >= 1 && size <= 6));
  }
});
