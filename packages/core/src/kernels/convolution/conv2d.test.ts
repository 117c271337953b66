import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Draw } from "../../../test/draw.ts";
import { randomWindow } from "../../../test/random_window.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "../../verify/reference/closeness.ts";
import { conv2d, conv2dGradients } from "../../verify/reference/conv2d.ts";
import { tensor } from "../../verify/reference/tensor.ts";

const tf = await tensorflow();

function agrees(t: ExecutionContext, found: Tensor, expected: ArrayLike<number>, about: unknown): void {
  const distance = relativeDistance(found.dataSync(), expected);
  t.true(distance < 1e-5, `${distance} ${JSON.stringify(about)}`);
}

test("the convolution and both of its gradients are the reference's on any shape", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 1000; i++) {
    const { shape, window, strides, padding } = randomWindow(draw);
    const about = { shape, window, strides, padding };
    const filters = draw.integer(1, 9);
    const filterShape = [...window, shape[3], filters] as [number, number, number, number];
    const pixels = Float32Array.from(draw.floats(shape.reduce((a, b) => a * b)));
    const weights = Float32Array.from(draw.floats(filterShape.reduce((a, b) => a * b)));
    const x = tensor(shape, pixels);
    const kernel = tensor(filterShape, weights);
    const expected = conv2d(x, kernel, undefined, { strides, padding });
    const dy = tensor(expected.shape, Float32Array.from(draw.floats(expected.data.length)));
    const gradients = conv2dGradients(x, kernel, dy, { strides, padding });
    tf.tidy(() => {
      const run = (input: Tensor4D, filter: Tensor4D): Tensor4D => tf.conv2d(input, filter, strides, padding);
      const input = tf.tensor4d(pixels, shape);
      const filter = tf.tensor4d(weights, filterShape);
      const found = run(input, filter);
      t.deepEqual(found.shape, [...expected.shape]);
      agrees(t, found, expected.data, about);
      const back = tf.grads(run as (...inputs: Tensor[]) => Tensor);
      const [dx, dKernel] = back([input, filter], tf.tensor(Float32Array.from(dy.data), found.shape));
      agrees(t, dx, gradients.dx.data, about);
      agrees(t, dKernel, gradients.dKernel.data, about);
    });
  }
});

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

test("channels first are refused with a code", (t) => {
  tf.tidy(() => {
    const filter = tf.ones<Rank.R4>([2, 2, 1, 1]);
    const x = tf.ones<Rank.R4>([1, 1, 4, 4]);
    t.throws(() => tf.conv2d(x, filter, 1, "same", "NCHW"), { code: "TAPE_DATA_FORMAT" });
  });
});
