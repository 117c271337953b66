import test from "ava";
import { averagePool2d } from "../../../network/layers/average_pool2d.ts";
import { conv2d } from "../../../network/layers/conv2d.ts";
import { dense } from "../../../network/layers/dense.ts";
import { dropout } from "../../../network/layers/dropout.ts";
import { flatten } from "../../../network/layers/flatten.ts";
import type { ImageShape } from "../../../network/layers/shape.ts";
import type { Layer } from "../../../network/layers/layers.ts";
import { maxPool2d } from "../../../network/layers/max_pool2d.ts";
import { relu } from "../../../network/activations/relu.ts";
import { Sequential } from "../../../model/sequential.ts";
import { Draw } from "../../../../test/draw.ts";
import { relativeDistance } from "./closeness.ts";
import { referenceGradient, referenceLogits } from "./network.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";

const batchOf = (images: number[], labels: number[]) => ({
  images: Float64Array.from(images),
  labels,
  sampleIndices: labels.map((_, i) => i),
  minibatchSize: labels.length,
  seed: 1,
  step: 0,
});

test("a single dense layer, worked out by hand", (t) => {
  const config = { inputShape: [1, 2, 1] as const, layers: [flatten(), dense({ units: 2 })], seed: 1 };
  const batch = batchOf([1, 3, 2, 5], [0, 1]);
  const { gradient, loss, correct, logits } = referenceGradient(config, new Float64Array(6), batch);
  t.is(loss, Math.LN2);
  t.is(correct, 1);
  t.deepEqual([...logits], [0, 0, 0, 0]);
  // dLogits = [-1/4, 1/4], [1/4, -1/4]; kernel = xᵀ · dLogits
  t.deepEqual([...gradient], [0.25, -0.25, 0.5, -0.5, 0, 0]);
});

test("parameters are cut kernel then bias, layer by layer", (t) => {
  const layers = [conv2d({ filters: 1, kernelSize: 1 }), relu(), flatten(), dense({ units: 2, useBias: false })];
  const config = { inputShape: [1, 1, 1] as const, layers, seed: 1 };
  // conv: 2x + 1; dense: [3, -1]
  t.deepEqual([...referenceLogits(config, Float64Array.of(2, 1, 3, -1), Float64Array.of(5))], [33, -11]);
});

test("dropout acts in training alone", (t) => {
  const layers = [dropout({ rate: 0.5 }), flatten(), dense({ units: 2, useBias: false })];
  const config = { inputShape: [1, 13, 1] as const, layers, seed: 1 };
  const weights = Float64Array.from({ length: 26 }, (_, i) => (i % 2 === 0 ? 1 : 0));
  t.deepEqual([...referenceLogits(config, weights, new Float64Array(13).fill(1))], [13, 0]);
  const { logits } = referenceGradient(config, weights, batchOf(Array(13).fill(1), [0]));
  t.true(logits[0] % 2 === 0, `${logits[0]} is a sum of zeros and twos`);
});

test("too few or too many parameters are an error, not a silence", (t) => {
  const config = { inputShape: [1, 2, 1] as const, layers: [flatten(), dense({ units: 2 })], seed: 1 };
  t.throws(() => referenceLogits(config, new Float64Array(7), new Float64Array(2)), { message: /has 6 parameters/ });
});

test("a kink is reported, and the backward pass follows the alternative when asked", (t) => {
  // One filter sees the two pixels, [1, 0] and [0, 1 + 1e-7], as 1 and 1 + 1e-7; the pool decides between them.
  const layers = [conv2d({ filters: 1, kernelSize: 1, useBias: false }), maxPool2d({ poolSize: [1, 2] }), flatten()];
  const config = {
    inputShape: [1, 2, 2] as const,
    layers: [...layers, dense({ units: 2, useBias: false })],
    seed: 1,
  };
  const batch = batchOf([1, 0, 0, 1 + 1e-7], [0]);
  const weights = Float64Array.of(1, 1, 1, -1);
  const straight = referenceGradient(config, weights, batch);
  t.deepEqual(straight.kinks, [{ layer: 1, element: 0, alternative: 0 }]);
  t.is(straight.gradient[0], 0);
  const other = referenceGradient(config, weights, batch, { followed: straight.kinks });
  t.is(other.gradient[1], 0);
  t.true(Math.abs(other.gradient[0] - straight.gradient[1]) < 1e-7);
  t.true(other.gradient[0] < -0.1);
});

const cases: [string, ImageShape, Layer[]][] = [
  [
    "conv-relu-pool, dense-relu-dense",
    [8, 7, 1],
    [
      conv2d({ filters: 3, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      flatten(),
      dense({ units: 5, activation: "relu" }),
      dense({ units: 3 }),
    ],
  ],
  [
    "conv-pool-relu with strides, same padding and overlapping pools",
    [9, 7, 3],
    [
      conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 1], padding: "same", useBias: false }),
      maxPool2d({ poolSize: 3, strides: 2, padding: "same" }),
      relu(),
      conv2d({ filters: 2, kernelSize: 2 }),
      flatten(),
      dense({ units: 4 }),
    ],
  ],
  [
    "average pools, dropout and a relu alone",
    [6, 6, 2],
    [
      relu(),
      conv2d({ filters: 3, kernelSize: 2, padding: "same" }),
      averagePool2d({ poolSize: [3, 2], strides: 2, padding: "same" }),
      dropout({ rate: 0.4 }),
      conv2d({ filters: 2, kernelSize: 1, strides: 2 }),
      relu(),
      flatten(),
      dropout({ rate: 0.2 }),
      dense({ units: 3, useBias: false }),
    ],
  ],
  [
    "no dense layer: a mean over the image gives the logits",
    [5, 5, 1],
    [conv2d({ filters: 4, kernelSize: 3, activation: "relu" }), averagePool2d({ poolSize: 3 }), flatten()],
  ],
];

for (const [name, inputShape, layers] of cases) {
  test(`the gradient of a whole network is the finite difference: ${name}`, (t) => {
    const draw = new Draw(7);
    const config = { inputShape, layers, seed: 1 };
    const pixels = inputShape[0] * inputShape[1] * inputShape[2];
    const batch = { ...batchOf([...draw.floats(3 * pixels)], [0, 2, 1]), minibatchSize: 5, step: 3 };
    const weights = draw.floats(new Sequential(config).parameterCount, -0.8, 0.8);
    // A corner nearer than the step would spoil the difference, not the gradient.
    t.deepEqual(referenceGradient(config, weights, batch, { tolerance: 3e-5 }).kinks, []);
    const { gradient } = referenceGradient(config, weights, batch);
    const numerical = numericalGradient(() => referenceGradient(config, weights, batch).loss, weights);
    t.true(relativeDistance(gradient, numerical) < 1e-7, String(relativeDistance(gradient, numerical)));
    t.true(gradient.some((value) => value !== 0));
  });
}
