import test from "ava";
import { seedCnn } from "./seed_cnn.ts";

test("is the network of the PyTorch program", (t) => {
  const model = seedCnn({ seed: 1 });
  t.is(model.parameterCount, 102_130);
  t.deepEqual(
    model.layers.map(({ outputShape }) => outputShape),
    [[26, 26, 16], [13, 13, 16], [11, 11, 32], [5, 5, 32], [800], [120], [10]],
  );
  const counts = model.layers.map(({ parameters }) => parameters.reduce((sum, { size }) => sum + size, 0));
  t.deepEqual(counts, [160, 0, 4640, 0, 0, 96_120, 1210]);
});

test("starts with the bits that another language works out from the formula", (t) => {
  t.is(seedCnn({ seed: 1 }).weightsSha256(), "1b7de9daabf202b1457b32ea7b59d93b5c902532f5e06ca64655bfba4c92886b");
});

test("starts as PyTorch does: uniform in ±1/√fanIn, biases too", (t) => {
  const model = seedCnn({ seed: 3 });
  const weights = model.getWeights();
  const fanIns = [9, 9, 144, 144, 800, 800, 120, 120];
  for (const [i, { name, offset, size, fanIn }] of model.parameters.entries()) {
    t.is(fanIn, fanIns[i], name);
    const values = weights.subarray(offset, offset + size);
    const limit = 1 / Math.sqrt(fanIn);
    t.true(Math.max(...values.map(Math.abs)) <= Math.fround(limit), name);
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / size);
    // Five standard errors of the deviation of a uniform distribution.
    t.true(Math.abs(deviation / (limit / Math.sqrt(3)) - 1) < 5 * Math.sqrt(0.2 / size), name);
  }
});

test("fits other images and classes", (t) => {
  const model = seedCnn({ inputShape: [32, 30, 3], classes: 7 });
  t.deepEqual(model.layers[3].outputShape, [6, 6, 32]);
  t.is(model.classes, 7);
  t.throws(() => seedCnn({ inputShape: [8, 8, 1] }), { code: "LAYER_SHAPE", message: /maxPool2d_2/ });
});
