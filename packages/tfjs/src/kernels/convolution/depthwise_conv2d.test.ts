import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { eighths } from "@convoy/core/test/plain_convolution";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly behind: number;
}

function drawAxis(draw: Draw): Axis {
  const kernel = draw.integer(1, 5);
  const dilation = draw.integer(1, 3);
  const [before, behind] = [draw.integer(0, 7), draw.integer(0, 7)];
  const size = Math.max(draw.integer(1, 9), (kernel - 1) * dilation + 1 - before - behind);
  // tfjs takes a dilation or a stride.
  return { size, kernel, stride: dilation > 1 ? 1 : draw.integer(1, 3), dilation, before, behind };
}

const outputsOf = ({ size, kernel, stride, dilation, before, behind }: Axis): number =>
  Math.floor((size + before + behind - (kernel - 1) * dilation - 1) / stride) + 1;

test("a depthwise convolution and its input's gradient are exact, wherever windows reach beyond the images", (t) => {
  const draw = new Draw(1);
  for (let round = 0; round < 120; round++) {
    const channels = draw.pick([1, 3, 4, 8, 15, 16, 18, 33, 36]);
    const images = draw.integer(1, 3);
    const rows = drawAxis(draw);
    const drawn = drawAxis(draw);
    const columns = rows.dilation > 1 ? { ...drawn, stride: 1 } : { ...drawn, dilation: 1 };
    if (outputsOf(columns) < 1) continue;
    const [height, width] = [outputsOf(rows), outputsOf(columns)];
    const shape: [number, number, number, number] = [images, rows.size, columns.size, channels];
    const x = eighths(images * rows.size * columns.size * channels, 5);
    const filter = eighths(rows.kernel * columns.kernel * channels, 7);
    const bias = eighths(channels, 3);
    const dy = eighths(images * height * width * channels, 11);
    const y = Float32Array.from(dy, (_, i) => bias[i % channels]);
    const dx = new Float32Array(x.length);
    for (let out = 0; out < y.length; out++) {
      const c = out % channels;
      const [w, h] = [Math.floor(out / channels) % width, Math.floor(out / channels / width) % height];
      const n = Math.floor(out / channels / width / height);
      for (let tap = 0; tap < rows.kernel * columns.kernel; tap++) {
        const row = h * rows.stride + Math.floor(tap / columns.kernel) * rows.dilation - rows.before;
        const column = w * columns.stride + (tap % columns.kernel) * columns.dilation - columns.before;
        if (row < 0 || row >= rows.size || column < 0 || column >= columns.size) continue;
        const at = ((n * rows.size + row) * columns.size + column) * channels + c;
        y[out] += x[at] * filter[tap * channels + c];
        dx[at] += dy[out] * filter[tap * channels + c];
      }
    }
    // tf.fused takes them, but its type does not say so.
    const pads = [
      [0, 0],
      [rows.before, rows.behind],
      [columns.before, columns.behind],
      [0, 0],
    ];
    tf.tidy(() => {
      const weights = tf.tensor4d(filter, [rows.kernel, columns.kernel, channels, 1]);
      const run = (input: Tensor): Tensor =>
        tf.fused.depthwiseConv2d({
          x: input as Tensor4D,
          filter: weights,
          bias: tf.tensor1d(bias),
          strides: [rows.stride, columns.stride],
          dilations: [rows.dilation, columns.dilation],
          pad: pads as unknown as number,
        });
      const about = JSON.stringify({ shape, rows, columns });
      const { value, grad } = tf.valueAndGrad(run)(
        tf.tensor4d(x, shape),
        tf.tensor4d(dy, [images, height, width, channels]),
      );
      t.deepEqual(value.dataSync(), y, about);
      t.deepEqual(grad.dataSync(), dx, about);
    });
  }
});

test("an infinite weight that lies over the padding counts for nothing", (t) => {
  tf.tidy(() => {
    const filter = tf.tensor4d([Infinity, 2, 3], [1, 3, 1, 1]);
    const y = tf.depthwiseConv2d(tf.tensor4d([1, -1], [1, 1, 2, 1]), filter, 1, "same");
    t.deepEqual([...y.dataSync()], [-1, Infinity]);
  });
});
