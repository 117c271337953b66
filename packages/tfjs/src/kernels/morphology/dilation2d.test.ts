import type { Rank, Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { kinkTolerance, relativeDistance, slide } from "@convoy/core/test/reference";

const tf = await tensorflow();

interface Tap {
  readonly cell: number;
  readonly tap: number;
  readonly sum: number;
}

test("two hundred random dilations and their gradients are those of their definition", (t) => {
  const draw = new Draw(1);
  let kinks = 0;
  for (let i = 0; i < 200; i++) {
    const shape: [number, number, number, number] = [
      draw.integer(1, 3),
      draw.integer(1, 7),
      draw.integer(1, 7),
      draw.integer(1, 9),
    ];
    const padding = draw.pick(["valid", "same"] as const);
    const dilated = draw.chance(0.4);
    const pair = (most: number): [number, number] => [draw.integer(1, most), draw.integer(1, most)];
    const [taps, strides, dilations] = [pair(3), dilated ? one : pair(4), dilated ? pair(3) : one];
    const axes = ([0, 1] as const).map((a) =>
      slide(shape[a + 1], (taps[a] - 1) * dilations[a] + 1, strides[a], padding),
    );
    if (axes.some(({ positions }) => positions < 1)) continue;
    const [images, height, width, channels] = shape;
    const x = Float32Array.from(draw.floats(images * height * width * channels, -3, 1));
    const filter = Float32Array.from(draw.floats(taps[0] * taps[1] * channels, -1, 0.5));
    const outShape: [number, number, number, number] = [images, axes[0].positions, axes[1].positions, channels];
    const dy = Float32Array.from(draw.floats(outShape.reduce((a, b) => a * b)));
    const y: number[] = [];
    const dx = new Float64Array(x.length);
    const dfilter = new Float64Array(filter.length);
    for (let out = 0; out < dy.length; out++) {
      const c = out % channels;
      const w = Math.floor(out / channels) % outShape[2];
      const h = Math.floor(out / channels / outShape[2]) % outShape[1];
      const n = Math.floor(out / channels / outShape[2] / outShape[1]);
      const sums: Tap[] = [];
      for (let r = 0; r < taps[0]; r++) {
        for (let s = 0; s < taps[1]; s++) {
          const row = axes[0].start(h) + r * dilations[0];
          const column = axes[1].start(w) + s * dilations[1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const cell = ((n * height + row) * width + column) * channels + c;
          const tap = (r * taps[1] + s) * channels + c;
          sums.push({ cell, tap, sum: x[cell] + filter[tap] });
        }
      }
      if (sums.length === 0) {
        // All taps jump over the image.
        y.push(-Infinity);
        continue;
      }
      const winner = sums.reduce((best, each) => (each.sum > best.sum ? each : best));
      kinks += sums.filter((each) => each !== winner && winner.sum - each.sum < kinkTolerance * 4).length;
      y.push(winner.sum);
      dx[winner.cell] += dy[out];
      dfilter[winner.tap] += dy[out];
    }
    tf.tidy(() => {
      const run = (image: Tensor, structure: Tensor): Tensor =>
        tf.dilation2d(image as Tensor4D, structure as Tensor3D, strides, padding, dilations);
      const inputs = [tf.tensor(x, shape), tf.tensor(filter, [...taps, channels])];
      const output = run(inputs[0], inputs[1]);
      const [inputGradient, filterGradient] = tf.grads(run)(inputs, tf.tensor(dy, outShape));
      t.deepEqual(output.shape, outShape);
      for (const [found, expected] of [
        [output, y],
        [inputGradient, dx],
        [filterGradient, dfilter],
      ] as const) {
        const distance = relativeDistance(finite(found.dataSync()), finite(expected));
        t.true(distance < 1e-6, `${distance} ${JSON.stringify({ shape, taps, strides, dilations })}`);
      }
    });
  }
  // Sums that float32 could order otherwise; none of them does here.
  t.true(kinks < 10, `${kinks} kinks`);
});

const one: [number, number] = [1, 1];

/** With a number of their own for windows without a cell. */
const finite = (values: ArrayLike<number>): number[] =>
  Array.from(values, (value) => (value === -Infinity ? -1000 : value));

test("a dilation without a positive sum, which the stock kernels replace by where their maximum starts", (t) => {
  const x = tf.tensor4d([-3, -2], [1, 1, 2, 1]);
  const filter = tf.tensor3d([-1, -1], [1, 2, 1]);
  const run = (image: Tensor, structure: Tensor): Tensor =>
    tf.dilation2d(image as Tensor4D, structure as Tensor3D, 1, "valid");
  t.deepEqual(
    stockAndOurs(() => run(x, filter)),
    [[2 ** -126], [-3]],
  );
  for (const which of [0, 1]) {
    t.deepEqual(
      stockAndOurs(() => tf.grads(run)([x, filter])[which]),
      [
        [1, 0],
        [0, 1],
      ],
    );
  }
});

test("NaN is ignored, as on tfjs's CPU backend, and the first of equal sums gets the gradient", (t) => {
  tf.tidy(() => {
    const filter = tf.zeros<Rank.R3>([1, 3, 1]);
    const run = (image: Tensor): Tensor => tf.dilation2d(image as Tensor4D, filter, 1, "valid");
    t.deepEqual([...run(tf.tensor4d([1, NaN, 2], [1, 1, 3, 1])).dataSync()], [2]);
    t.deepEqual(
      [
        ...tf
          .grad(run)(tf.tensor4d([1, NaN, 2], [1, 1, 3, 1]))
          .dataSync(),
      ],
      [0, 0, 1],
    );
    t.deepEqual(
      [
        ...tf
          .grad(run)(tf.tensor4d([-1, -1, -1], [1, 1, 3, 1]))
          .dataSync(),
      ],
      [1, 0, 0],
    );
  });
});

test("integers stay integers, and types that differ and windows that fit nowhere are refused", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d([-3, -2], [1, 1, 2, 1], "int32");
    const y = tf.dilation2d(x, tf.tensor3d([-1, -1], [1, 2, 1], "int32"), 1, "valid");
    t.deepEqual([y.dtype, ...y.dataSync()], ["int32", -3]);
    t.throws(() => tf.dilation2d(x, tf.tensor3d([-1, -1], [1, 2, 1]), 1, "valid"), { message: /dtype/ });
    t.throws(() => tf.dilation2d(tf.ones<Rank.R4>([1, 1, 2, 1]), tf.ones<Rank.R3>([2, 1, 1]), 1, "valid"), {
      code: "TAPE_WINDOW",
    });
  });
});
