import test from "ava";
import { dropout, dropoutMask } from "./dropout.ts";
import { tensor } from "./tensor.ts";

test("drops the values of the formula, worked out in another language", (t) => {
  const mask = dropoutMask([2, 2, 2, 3], 0.5, { seed: 1, layer: 4, step: 7, sampleIndices: [3, 59_999] });
  t.deepEqual(
    [...mask],
    [1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1].map((kept) => kept * 2),
  );
  const quarter = dropoutMask([1, 12], 0.25, { seed: 2 ** 32 - 1, layer: 0, step: 0, sampleIndices: [0] });
  t.deepEqual(
    [...quarter],
    [1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1].map((kept) => kept * Math.fround(4 / 3)),
  );
});

test("keeps everything unscaled at rate 0", (t) => {
  t.deepEqual([...dropoutMask([1, 3], 0, { seed: 1, layer: 0, step: 0, sampleIndices: [0] })], [1, 1, 1]);
});

test("each part of the key changes the mask", (t) => {
  const key = { seed: 1, layer: 1, step: 1, sampleIndices: [1] };
  const masks = [key, { ...key, seed: 2 }, { ...key, layer: 2 }, { ...key, step: 2 }, { ...key, sampleIndices: [2] }];
  t.is(new Set(masks.map((each) => dropoutMask([1, 40], 0.5, each).join())).size, masks.length);
});

test("values and gradients go through the same mask", (t) => {
  t.deepEqual([...dropout(tensor([1, 3], [1, 2, 3]), Float64Array.of(0, 2, 2)).data], [0, 4, 6]);
});
