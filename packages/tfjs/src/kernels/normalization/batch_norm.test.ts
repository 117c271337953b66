import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import test from "ava";
import { numericalGradient } from "@convoy/core/test/numerical_gradient";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();
const epsilon = 1e-3;

/** Numbers without a pattern, from low to high; float32, so that both sides compute with the same. */
const numbers = (count: number, low: number, high: number, seed: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) =>
    Math.fround(low + (high - low) * ((((i + 1) * 0.618_033_988_75 + seed * 0.414_213_56) * 7) % 1)),
  );

function reference(
  x: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
  scale: Float64Array,
  offset: Float64Array,
): Float64Array {
  const channels = mean.length;
  return x.map((value, i) => {
    const c = i % channels;
    return ((value - mean[c]) / Math.sqrt(variance[c] + epsilon)) * scale[c] + offset[c];
  });
}

const far = (found: ArrayLike<number>, right: ArrayLike<number>): number => {
  const largest = Math.max(...Array.from(right, Math.abs), 1e-3);
  return Math.max(...Array.from(right, (value, i) => Math.abs(found[i] - value))) / largest;
};

for (const shape of [
  [5, 1],
  [3, 2, 3],
  [2, 3, 4, 5],
  [64, 16],
  [9, 130],
  [1, 7],
  [2, 2, 1, 3, 4, 8],
]) {
  test(`batch normalisation of [${shape.join()}] and its five gradients are float64's`, (t) => {
    const channels = shape[shape.length - 1];
    const size = shape.reduce((a, b) => a * b);
    const parts = [
      numbers(size, -2, 3, 1),
      numbers(channels, -1, 1, 2),
      numbers(channels, 0.1, 2, 3),
      numbers(channels, -1.5, 2, 4),
      numbers(channels, -1, 1, 5),
    ] as const;
    const weights = numbers(size, -1, 1, 6);
    tf.tidy(() => {
      const inputs = parts.map((values, i) => tf.tensor(Float32Array.from(values), i === 0 ? shape : [channels]));
      const run = (x: Tensor, ...[mean, variance, scale, offset]: Tensor[]): Tensor =>
        tf.engine().runKernel("FusedBatchNorm", { x, mean, variance, scale, offset }, { varianceEpsilon: epsilon });
      const [x, ...statistics] = inputs;
      const y = run(x, ...statistics);
      t.deepEqual(y.shape, shape);
      t.true(far(y.dataSync(), reference(...parts)) < 1e-6);
      // tfjs's own gradient, which another test may reach through ours, knows rank 4 only.
      const found = tf.grads((...given: Tensor[]) => run(given[0], ...given.slice(1)))(
        inputs,
        tf.tensor(Float32Array.from(weights), shape),
      );
      for (const [i, values] of parts.entries()) {
        const loss = (): number => reference(...parts).reduce((sum, value, j) => sum + value * weights[j], 0);
        const right = numericalGradient(loss, values, 1e-4);
        t.deepEqual(found[i].shape, inputs[i].shape);
        t.true(far(found[i].dataSync(), right) < 5e-6, `input ${i}`);
      }
    });
  });
}

test("without scale and offset, and with statistics of every value, it is the same formula", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
    const [mean, variance] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 8])];
    t.true(far(tf.batchNorm(x, mean, variance, undefined, undefined, 1).dataSync(), [0, 0, 1, 2 / 3]) < 1e-6);
    const each = tf.tensor4d([0, 0, 0, 0], [1, 1, 2, 2]);
    const spread = tf.tensor4d([3, 8, 15, 24], [1, 1, 2, 2]);
    t.true(far(tf.batchNorm(x, each, spread, undefined, undefined, 1).dataSync(), [0.5, 2 / 3, 0.75, 0.8]) < 1e-6);
  });
});

test("NaN travels, in values and in statistics", (t) => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, NaN, 3, 4], [2, 2]);
    t.deepEqual([...tf.batchNorm2d(x, [1, 1], [0, 0], [0, 0], [1, 1], 1).dataSync()], [0, NaN, 2, 3]);
    t.deepEqual([...tf.batchNorm2d(x, [1, 1], [NaN, -4], [0, 0], [1, 1], 1).dataSync()], [NaN, NaN, NaN, NaN]);
  });
});

test("the gradient of batch normalisation has a gradient", (t) => {
  const x = tf.tensor4d([1, -2, 3, 0.5], [1, 2, 2, 1]);
  const variance = tf.tensor1d([3]);
  const f = (v: Tensor): Tensor =>
    tf.sum(tf.batchNorm(x, tf.tensor1d([0]), v as Tensor1D, tf.tensor1d([0]), tf.tensor1d([1]), 1));
  // Σ x = 2.5: f = 2.5 (v + 1)^-½, f' = -1.25 (v + 1)^-1.5, f'' = 1.875 (v + 1)^-2.5.
  const [first, second] = tf.tidy(() => [
    tf.grad(f)(variance).dataSync()[0],
    tf
      .grad((v: Tensor) => tf.sum(tf.grad(f)(v)))(variance)
      .dataSync()[0],
  ]);
  t.true(Math.abs(first + 1.25 / 8) < 1e-6, `${first}`);
  t.true(Math.abs(second - 1.875 / 32) < 1e-6, `${second}`);
  tf.dispose([x, variance]);
});

test("the mean over any axes, and its gradient, are float64's", (t) => {
  const shape = [3, 4, 5];
  const values = numbers(60, -1, 2, 1);
  for (const axes of [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [-1]]) {
    for (const keepDims of [false, true]) {
      tf.tidy(() => {
        const x = tf.tensor(Float32Array.from(values), shape);
        const right = tf.sum(x, axes, keepDims);
        const count = 60 / right.size;
        const y = tf.mean(x, axes, keepDims);
        t.deepEqual(y.shape, right.shape);
        const sums = new Float64Array(right.size);
        const kept = shape.map((size, d) => (axes.includes(d) || axes.includes(d - 3) ? 1 : size));
        for (const [i, value] of values.entries()) {
          const at = [Math.floor(i / 20), Math.floor(i / 5) % 4, i % 5].map((index, d) => (kept[d] === 1 ? 0 : index));
          sums[(at[0] * kept[1] + at[1]) * kept[2] + at[2]] += value / count;
        }
        t.true(far(y.dataSync(), sums) < 1e-6, axes.join());
        const dy = tf.tensor(Float32Array.from(numbers(y.size, 1, 2, 3)), y.shape);
        const dx = tf.grad((input: Tensor) => tf.mean(input, axes, keepDims))(x, dy);
        const spread = tf.broadcastTo(tf.reshape(dy, kept), shape);
        t.deepEqual(dx.shape, shape);
        t.true(
          far(
            dx.dataSync(),
            spread.dataSync().map((value) => value / count),
          ) < 1e-6,
          axes.join(),
        );
      });
    }
  }
  // Integers have a mean that is none.
  t.is(
    tf.tidy(() => tf.mean(tf.tensor1d([1, 2], "int32")).dataSync()[0]),
    1.5,
  );
});

test("the mean of nothing is NaN in every type, and no memory of others", (t) => {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    tf.tidy(() => {
      const y = tf.mean(tf.zeros([2, 0], dtype), 1);
      t.is(y.dtype, "float32");
      t.deepEqual([...y.dataSync()], [NaN, NaN]);
    });
  }
});

test("the softmax of a scalar is 1, and no memory of others", (t) => {
  t.is(
    tf.tidy(() => tf.softmax(tf.scalar(-7)).arraySync()),
    1,
  );
});
