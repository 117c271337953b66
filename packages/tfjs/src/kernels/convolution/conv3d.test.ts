import type { Rank, Tensor, Tensor5D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();
type Five = [number, number, number, number, number];

test("random 3-D convolutions and their gradients are the sums of their definition", (t) => {
  const draw = new Draw(11);
  for (let i = 0; i < 60; i++) {
    const pad = draw.pick(["valid", "same"] as const);
    const dilated = draw.chance(0.3);
    const axes = [0, 1, 2].map(() => {
      const kernel = draw.integer(1, 3);
      const dilation = dilated ? draw.integer(1, 2) : 1;
      const reach = (kernel - 1) * dilation + 1;
      const size = draw.integer(pad === "valid" ? reach : 1, 5);
      // Not longer than the window: tfjs cuts pixels off both ends then, TensorFlow off the end.
      const stride = dilated ? 1 : draw.integer(1, kernel);
      const windows = pad === "valid" ? Math.floor((size - reach) / stride) + 1 : Math.ceil(size / stride);
      const before = pad === "valid" ? 0 : Math.floor(((windows - 1) * stride + reach - size) / 2);
      return { kernel, dilation, size, stride, windows, before: Math.max(0, before) };
    });
    const [depths, rows, columns] = axes;
    const [images, channels, filters] = [draw.integer(1, 2), draw.integer(1, 5), draw.integer(1, 9)];
    const shape: Five = [images, depths.size, rows.size, columns.size, channels];
    const filterShape: Five = [depths.kernel, rows.kernel, columns.kernel, channels, filters];
    const outShape: Five = [images, depths.windows, rows.windows, columns.windows, filters];
    const floats = (size: Five): Float32Array => Float32Array.from(draw.floats(size.reduce((a, b) => a * b)));
    const [x, w, dy] = [floats(shape), floats(filterShape), floats(outShape)];
    const [y, dx, dw] = [dy, x, w].map((like) => new Float64Array(like.length));
    const taps = Array.from(w, (_, j) => indices(j, filterShape));
    for (let out = 0; out < y.length; out++) {
      const [n, ...window] = indices(out, outShape);
      for (const [j, tap] of taps.entries()) {
        if (tap[4] !== window[3]) continue;
        let from = n;
        let inside = true;
        for (const [a, { size, stride, dilation, before }] of axes.entries()) {
          const at = window[a] * stride + tap[a] * dilation - before;
          inside &&= at >= 0 && at < size;
          from = from * size + at;
        }
        if (!inside) continue;
        from = from * channels + tap[3];
        y[out] += x[from] * w[j];
        dx[from] += dy[out] * w[j];
        dw[j] += dy[out] * x[from];
      }
    }
    tf.tidy(() => {
      const run = (input: Tensor, filter: Tensor): Tensor => {
        const strides = axes.map(({ stride }) => stride) as [number, number, number];
        const dilations = axes.map(({ dilation }) => dilation) as [number, number, number];
        return tf.conv3d(input as Tensor5D, filter as Tensor5D, strides, pad, "NDHWC", dilations);
      };
      const inputs = [tf.tensor<Rank.R5>(x, shape), tf.tensor<Rank.R5>(w, filterShape)];
      const found = run(inputs[0], inputs[1]);
      const [foundDx, foundDw] = tf.grads(run)(inputs, tf.tensor(dy, outShape));
      t.deepEqual(found.shape, outShape);
      t.true(relativeDistance(found.dataSync(), y) < 1e-5);
      t.true(relativeDistance(foundDx.dataSync(), dx) < 1e-5);
      t.true(relativeDistance(foundDw.dataSync(), dw) < 1e-5);
    });
  }
});

test("a transposed 3-D convolution has gradients", (t) => {
  // y = x · filter: dx = Σ dy · filter and dfilter = x · dy.
  tf.tidy(() => {
    const x = tf.tensor5d([2], [1, 1, 1, 1, 1]);
    const filter = tf.tensor5d([1, 2, 3], [3, 1, 1, 1, 1]);
    const run = (input: Tensor, kernel: Tensor): Tensor => {
      return tf.conv3dTranspose(input as Tensor5D, kernel as Tensor5D, [1, 3, 1, 1, 1], 1, "valid");
    };
    t.deepEqual([...run(x, filter).dataSync()], [2, 4, 6]);
    const [dx, dFilter] = tf.grads(run)([x, filter], tf.tensor5d([1, 10, 100], [1, 3, 1, 1, 1]));
    t.deepEqual([...dx.dataSync()], [321]);
    t.deepEqual([...dFilter.dataSync()], [2, 20, 200]);
  });
});

function indices(at: number, shape: Five): number[] {
  return shape.map((size, i) => Math.floor(at / shape.slice(i + 1).reduce((a, b) => a * b, 1)) % size);
}
