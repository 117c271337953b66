import test from "ava";
import { balanced, panelsOf, type PanelVectors } from "./tiling.ts";

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

/** Vectors of each panel. */
function vectors(channels: number, panelVectors: PanelVectors): number[] {
  return panelsOf(channels, panelVectors).flatMap(({ count, vectors: each }) =>
    Array.from({ length: count }, () => each),
  );
}

test("channels go into full panels, and what is left into the smallest of one, two or all vectors that holds it", (t) => {
  t.deepEqual(vectors(16, 4), [4]);
  t.deepEqual(vectors(35, 4), [4, 4, 1]);
  t.deepEqual(vectors(24, 4), [4, 2]);
  t.deepEqual(vectors(25, 4), [4, 4]);
  t.deepEqual(vectors(9, 4), [4]);
  t.deepEqual(vectors(7, 4), [2]);
  t.deepEqual(vectors(9, 2), [2, 1]);
  t.deepEqual(vectors(15, 2), [2, 2]);
});

test("no channel is left out or counted twice", (t) => {
  for (const panelVectors of [2, 4] as const) {
    for (let channels = 1; channels <= 100; channels++) {
      const panels = panelsOf(channels, panelVectors);
      t.is(
        panels.reduce((sum, panel) => sum + panel.count * panel.channels, 0),
        channels,
      );
    }
  }
});
