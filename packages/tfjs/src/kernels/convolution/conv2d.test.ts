import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Draw } from "@convoy/core/test/draw";
import { randomWindow } from "@convoy/core/test/random_window";
import { tensorflow } from "../../../test/tensorflow.ts";
import { conv2d, conv2dGradients, relativeDistance, tensor } from "@convoy/core/test/reference";

const tf = await tensorflow();

function agrees(t: ExecutionContext, found: Tensor, expected: ArrayLike<number>, about: unknown): void {
  const distance = relativeDistance(found.dataSync(), expected);
  t.true(distance < 1e-5, `${distance} ${JSON.stringify(about)}`);
}

test("the fused convolution adds its bias and shuts below zero, on any shape", (t) => {
  const draw = new Draw(2);
  for (let i = 0; i < 200; i++) {
    const { shape, window, strides, padding } = randomWindow(draw);
    const filterShape = [...window, shape[3], 5] as [number, number, number, number];
    const pixels = Float32Array.from(draw.floats(shape.reduce((a, b) => a * b)));
    const weights = Float32Array.from(draw.floats(filterShape.reduce((a, b) => a * b)));
    const biases = Float32Array.from(draw.floats(5));
    const linear = conv2d(tensor(shape, pixels), tensor(filterShape, weights), tensor([5], biases), {
      strides,
      padding,
    });
    tf.tidy(() => {
      const found = tf.fused.conv2d({
        x: tf.tensor4d(pixels, shape),
        filter: tf.tensor4d(weights, filterShape),
        bias: tf.tensor1d(biases),
        strides,
        pad: padding,
        activation: "relu",
      });
      agrees(
        t,
        found,
        Float64Array.from(linear.data, (value) => Math.max(value, 0)),
        { shape, window, strides },
      );
    });
  }
});

test("pads given as numbers stay what they are, whichever way the output's size is rounded", (t) => {
  // Pad 1 on every side of 4×4 with a window of 3 and stride 2: 2.5 positions.
  tf.tidy(() => {
    const x = tf.ones<Rank.R4>([1, 4, 4, 1]);
    const filter = tf.ones<Rank.R4>([3, 3, 1, 1]);
    const run = (rounding: "floor" | "ceil"): Tensor4D => tf.conv2d(x, filter, 2, 1, "NHWC", 1, rounding);
    t.deepEqual(run("floor").shape, [1, 2, 2, 1]);
    t.deepEqual([...run("floor").dataSync()], [4, 6, 6, 9]);
    t.deepEqual(run("ceil").shape, [1, 3, 3, 1]);
  });
});

test("a sum over a large batch keeps its digits", (t) => {
  const draw = new Draw(3);
  const shape: [number, number, number, number] = [64, 28, 28, 1];
  const pixels = Float32Array.from(draw.floats(64 * 784, 0, 1));
  const dy = Float32Array.from(draw.floats(64 * 784, 0, 1));
  const x = tensor(shape, pixels);
  const { dKernel } = conv2dGradients(x, tensor([1, 1, 1, 1]), tensor(shape, dy), { strides: [1, 1], padding: "same" });
  tf.tidy(() => {
    const back = tf.grad((filter: Tensor) => tf.conv2d(tf.tensor4d(pixels, shape), filter as Tensor4D, 1, "same"));
    const [found] = back(tf.ones([1, 1, 1, 1]), tf.tensor4d(dy, shape)).dataSync();
    t.true(Math.abs(found / dKernel.data[0] - 1) < 5e-7, `${found} for ${dKernel.data[0]}`);
  });
});

test("NaN travels through the fused relu, so that a diverged run shows", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d(new Float32Array(18).fill(NaN), [1, 3, 3, 2]);
    const filter = tf.ones<Rank.R4>([2, 2, 2, 3]);
    const y = tf.fused.conv2d({ x, filter, strides: 1, pad: "valid", activation: "relu" });
    t.true(y.dataSync().every((value) => Number.isNaN(value)));
  });
});

test("a fused activation is that of the sum with its bias", (t) => {
  const draw = new Draw(4);
  const pixels = Float32Array.from(draw.floats(2 * 5 * 4 * 3, -2, 2));
  const weights = Float32Array.from(draw.floats(3 * 3 * 3 * 6));
  const biases = Float32Array.from(draw.floats(6, -3, 3));
  const alphas = Float32Array.from(draw.floats(6, 0, 1));
  const settings = { strides: [1, 1], padding: "same" } as const;
  const linear = conv2d(tensor([2, 5, 4, 3], pixels), tensor([3, 3, 3, 6], weights), tensor([6], biases), settings);
  const activations = {
    linear: (v: number) => v,
    relu: (v: number) => Math.max(v, 0),
    relu6: (v: number) => Math.min(Math.max(v, 0), 6),
    elu: (v: number) => (v < 0 ? Math.expm1(v) : v),
    sigmoid: (v: number) => 1 / (1 + Math.exp(-v)),
    leakyrelu: (v: number) => (v < 0 ? 0.3 * v : v),
    prelu: (v: number, k: number) => (v < 0 ? alphas[k] * v : v),
  };
  t.true(linear.data.some((v) => v > 6) && linear.data.some((v) => v < 0));
  tf.tidy(() => {
    const images = tf.tensor4d(pixels, [2, 5, 4, 3]);
    for (const [activation, f] of Object.entries(activations)) {
      const run = (x: Tensor4D, dataFormat: "NHWC" | "NCHW"): Tensor4D => {
        return tf.fused.conv2d({
          x,
          filter: tf.tensor4d(weights, [3, 3, 3, 6]),
          bias: tf.tensor1d(biases),
          strides: 1,
          pad: "same",
          dataFormat,
          activation: activation as "relu",
          leakyreluAlpha: 0.3,
          ...(activation === "prelu" && { preluActivationWeights: tf.tensor1d(alphas) }),
        });
      };
      const expected = linear.data.map((v, i) => f(v, i % 6));
      agrees(t, run(images, "NHWC"), expected, activation);
      const first = run(tf.transpose(images, [0, 3, 1, 2]), "NCHW");
      agrees(t, tf.transpose(first, [0, 2, 3, 1]), expected, `${activation}, channels first`);
    }
  });
});

test("a bias for all channels is spread, after which the activation comes", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, -4], [1, 1, 2, 1]);
    const y = tf.fused.conv2d({
      x,
      filter: tf.tensor4d([1, 2], [1, 1, 1, 2]),
      bias: tf.tensor1d([3]),
      strides: 1,
      pad: "valid",
      activation: "relu",
    });
    t.deepEqual([...y.dataSync()], [4, 5, 0, 0]);
  });
});

test("the gradient of a transposed convolution is that of its products", (t) => {
  // One pixel spread over 2×2, stride 2: y = x · filter, so dx = Σ dy · filter and dfilter = x · dy.
  tf.tidy(() => {
    const x = tf.tensor4d([2, 3], [1, 1, 2, 1]);
    const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
    const run = (input: Tensor, kernel: Tensor): Tensor => {
      return tf.conv2dTranspose(input as Tensor4D, kernel as Tensor4D, [1, 2, 4, 1], 2, "valid");
    };
    t.deepEqual([...run(x, filter).dataSync()], [2, 4, 3, 6, 6, 8, 9, 12]);
    const dy = tf.tensor4d([1, 10, 2, 20, 100, 1000, 200, 2000], [1, 2, 4, 1]);
    const [dx, dFilter] = tf.grads(run)([x, filter], dy);
    t.deepEqual([...dx.dataSync()], [4321, 8642]);
    t.deepEqual([...dFilter.dataSync()], [8, 80, 800, 8000]);
  });
});

test("a second gradient of a dilated convolution has its dilation", (t) => {
  // y = 5 x0 + 7 x2: the gradient with respect to x is (5, 0, 7) · dy, and its gradient with respect to dy reads x0 and x2.
  tf.tidy(() => {
    const filter = tf.tensor4d([5, 7], [1, 2, 1, 1]);
    const run = (x: Tensor): Tensor => tf.conv2d(x as Tensor4D, filter, 1, "valid", "NHWC", [1, 2]);
    const inner = (dy: Tensor): Tensor => tf.grad(run)(tf.ones([1, 1, 3, 1]), dy);
    const second = tf.grad(inner)(tf.ones([1, 1, 1, 1]), tf.tensor4d([1, 10, 100], [1, 1, 3, 1]));
    t.deepEqual([...second.dataSync()], [705]);
  });
});

test("integers and windows beyond the padding are refused with a code", (t) => {
  tf.tidy(() => {
    const integers = tf.ones<Rank.R4>([1, 3, 3, 1], "int32");
    const filter = tf.ones<Rank.R4>([2, 2, 1, 1]);
    const attributes = { strides: 1, pad: "valid", dilations: 1 };
    t.throws(() => tf.engine().runKernel("Conv2D", { x: integers, filter }, attributes), { code: "TAPE_TYPE" });
    t.throws(() => tf.conv2d(tf.ones<Rank.R4>([1, 2, 2, 1]), tf.ones<Rank.R4>([4, 4, 1, 1]), 1, "valid"), {
      code: "TAPE_WINDOW",
    });
    t.deepEqual(
      tf.conv2d(tf.ones<Rank.R4>([1, 2, 2, 1]), tf.ones<Rank.R4>([3, 3, 1, 1]), 1, "valid").shape,
      [1, 0, 0, 1],
    );
  });
});
