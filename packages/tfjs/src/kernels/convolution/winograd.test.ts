import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { conv2d, conv2dGradients, relativeDistance, tensor } from "@convoy/core/test/reference";

const tf = await tensorflow();

test("images of several tiles, and more images than get a border together", (t) => {
  const draw = new Draw(21);
  for (const [shape, filters, padding] of [
    [[3, 17, 22, 17], 19, "same"],
    [[9, 30, 30, 16], 16, "valid"],
  ] as const) {
    const pixels = Float32Array.from(draw.floats(shape[0] * shape[1] * shape[2] * shape[3]));
    const filterShape = [3, 3, shape[3], filters] as const;
    const weights = Float32Array.from(draw.floats(9 * shape[3] * filters));
    const biases = Float32Array.from(draw.floats(filters));
    const settings = { strides: [1, 1], padding } as const;
    const [x, kernel] = [tensor(shape, pixels), tensor(filterShape, weights)];
    const expected = conv2d(x, kernel, tensor([filters], biases), settings);
    const dy = tensor(expected.shape, Float32Array.from(draw.floats(expected.data.length)));
    const gradients = conv2dGradients(x, kernel, dy, settings);
    tf.tidy(() => {
      const run = (images: Tensor, filter: Tensor, bias: Tensor): Tensor => {
        return tf.fused.conv2d({ x: images as Tensor4D, filter: filter as Tensor4D, bias, strides: 1, pad: padding });
      };
      const inputs = [tf.tensor4d(pixels, [...shape]), tf.tensor4d(weights, [...filterShape]), tf.tensor1d(biases)];
      const found = run(inputs[0], inputs[1], inputs[2]);
      t.true(relativeDistance(found.dataSync(), expected.data) < 1e-5);
      const back = tf.grads(run)(inputs, tf.tensor(Float32Array.from(dy.data), found.shape));
      t.true(relativeDistance(back[0].dataSync(), gradients.dx.data) < 1e-5);
      t.true(relativeDistance(back[1].dataSync(), gradients.dKernel.data) < 1e-5);
      t.true(relativeDistance(back[2].dataSync(), gradients.dBias.data) < 1e-5);
    });
  }
});

test("the bits of an image do not depend on the images beside it", (t) => {
  const pixels = Float32Array.from(new Draw(22).floats(5 * 20 * 20 * 16));
  tf.tidy(() => {
    const images = tf.tensor4d(pixels, [5, 20, 20, 16]);
    const filter = tf.tensor4d(Float32Array.from(new Draw(23).floats(9 * 16 * 16)), [3, 3, 16, 16]);
    const all = tf.conv2d(images, filter, 1, "same");
    const last = tf.conv2d(tf.slice(images, [4, 0, 0, 0], [1, 20, 20, 16]), filter, 1, "same");
    t.deepEqual(last.dataSync(), tf.slice(all, [4, 0, 0, 0], [1, 20, 20, 16]).dataSync());
  });
});

test("more sizes than functions are kept for, and the first of them again", (t) => {
  tf.tidy(() => {
    const filter = tf.ones<Rank.R4>([3, 3, 16, 16]);
    for (let i = 0; i < 140; i++) {
      const width = 3 + (i % 135);
      const y = tf.conv2d(tf.ones<Rank.R4>([1, 3, width, 16]), filter, 1, "valid");
      t.deepEqual(y.dataSync<"float32">(), new Float32Array((width - 2) * 16).fill(144));
      y.dispose();
    }
  });
});

/** A square of numbers in the middle of 20 × 20 zeros. */
function square(value: () => number, channels: number): Float32Array {
  return Float32Array.from({ length: 20 * 20 * channels }, (_, i) => {
    const [y, x] = [Math.floor(i / channels / 20), Math.floor(i / channels) % 20];
    return y >= 9 && y < 12 && x >= 9 && x < 12 ? value() : 0;
  });
}

/** What no window of 3 × 3 on the square can reach. */
function beyond(values: ArrayLike<number>, channels: number): number[] {
  return Array.from(values).filter((_, i) => {
    const [y, x] = [Math.floor(i / channels / 20), Math.floor(i / channels) % 20];
    return y < 8 || y > 12 || x < 8 || x > 12;
  });
}

test("windows that hold nothing but zeros give zero, and so do gradients of zeros", (t) => {
  const draw = new Draw(24);
  tf.tidy(() => {
    const filter = tf.tensor4d(Float32Array.from(draw.floats(9 * 16 * 24)), [3, 3, 16, 24]);
    const x = tf.tensor4d(
      square(() => draw.uniform(-1, 1), 16),
      [1, 20, 20, 16],
    );
    const dy = tf.tensor4d(
      square(() => draw.uniform(-1, 1), 24),
      [1, 20, 20, 24],
    );
    const y = tf.conv2d(x, filter, 1, "same");
    const [dx] = tf.grads((images: Tensor) => tf.conv2d(images as Tensor4D, filter, 1, "same"))([x], dy);
    for (const [values, channels] of [
      [y, 24],
      [dx, 16],
    ] as const) {
      const outside = beyond(values.dataSync(), channels);
      t.is(outside.length, 375 * channels);
      t.true(outside.every((value) => value === 0));
    }
  });
});
