import test from "ava";
import { buildLayers } from "./build.ts";
import { dense } from "./dense.ts";

test("fills in the defaults", (t) => {
  t.deepEqual(dense({ units: 10 }), {
    kind: "dense",
    units: 10,
    activation: "linear",
    useBias: true,
    kernelInitializer: "glorotUniform",
    biasInitializer: "zeros",
  });
});

test("shape, parameters and FLOPs of the seed network's first dense layer", (t) => {
  const [layer] = buildLayers([800], [dense({ units: 120, activation: "relu" })]);
  t.deepEqual(layer.outputShape, [120]);
  t.deepEqual(
    layer.parameters.map(({ name, shape, offset, size, fanIn, fanOut }) => [name, shape, offset, size, fanIn, fanOut]),
    [
      ["dense_1/kernel", [800, 120], 0, 96000, 800, 120],
      ["dense_1/bias", [120], 96000, 120, 800, 120],
    ],
  );
  t.is(layer.flops, (2 * 800 + 2) * 120);
});

test("one feature, one unit, no bias", (t) => {
  const [layer] = buildLayers([1], [dense({ units: 1, useBias: false })]);
  t.deepEqual(layer.outputShape, [1]);
  t.deepEqual(
    layer.parameters.map(({ shape }) => shape),
    [[1, 1]],
  );
  t.is(layer.flops, 2);
});

test("refuses an image", (t) => {
  t.throws(() => buildLayers([5, 5, 32], [dense({ units: 10 })]), {
    code: "LAYER_SHAPE",
    message: "LAYER_SHAPE: dense_1 needs a row of features, [features]; [5, 5, 32] came in. Put flatten() before it.",
  });
});

const bad: [options: object, message: RegExp][] = [
  [{}, /dense: units must be a whole number .* it is missing/],
  [{ units: -1 }, /units .* got -1/],
  [{ units: 10, activation: "softmax" }, /activation must be "linear" or "relu" .*; got "softmax"/],
  [{ units: 10, useBias: "no" }, /useBias must be true or false; got "no"/],
  [{ units: 10, kernelInitializer: "Zeros" }, /kernelInitializer .* got "Zeros"/],
  [{ units: 10, inputShape: [5] }, /dense has no option inputShape; it takes units/],
];
for (const [options, message] of bad) {
  test(`refuses ${JSON.stringify(options)}`, (t) => {
    // @ts-expect-error -- the types refuse it too
    t.throws(() => dense(options), { code: "LAYER_OPTION", message });
  });
}
