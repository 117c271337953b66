import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { relativeDistance } from "@convoy/core/test/reference";
import type { Draw } from "@convoy/core/test/draw";

type Four = [number, number, number, number];
type Pads = [[number, number], [number, number], [number, number], [number, number]];

/** A convolution along one axis, by its definition: window p reads x[p · stride + tap · dilation - before]. */
interface PlainAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly windows: number;
}

export interface RandomConvolution {
  readonly depthwise: boolean;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly shape: Four;
  /** [R, S, C, filters], or [R, S, C, multiplier] of a depthwise convolution. */
  readonly filterShape: Four;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: "valid" | "same" | number | Pads;
  readonly rounding: "floor" | "ceil" | undefined;
  readonly axes: readonly [PlainAxis, PlainAxis];
}

/** Small images and windows: larger than the image, smaller than the stride, dilated, one pixel, padded on one side. */
export function randomConvolution(draw: Draw): RandomConvolution {
  // Enough channels for Winograd's algorithm, forward and backward, now and then.
  const many = draw.chance(0.05);
  const depthwise = !many && draw.chance(0.4);
  const [height, width] = [draw.integer(1, many ? 12 : 9), draw.integer(1, many ? 12 : 9)];
  const channels = many ? draw.integer(16, 21) : draw.integer(1, 9);
  const square = draw.chance(0.5);
  const pair = (most: number): [number, number] => {
    const first = draw.integer(1, most);
    return [first, square ? first : draw.integer(1, most)];
  };
  const dilated = !many && draw.chance(0.3);
  const kernel: [number, number] = many ? [3, 3] : pair(4);
  const [strides, dilations] = [dilated || many ? one : pair(5), dilated ? pair(3) : one];
  const kind = draw.pick(["valid", "same", "same", "number", "pads", "pads"] as const);
  const rounding = draw.pick(["floor", "ceil"] as const);
  const around = (): [number, number] => [draw.integer(0, 4), draw.integer(0, 4)];
  const pads: Pads = [[0, 0], around(), around(), [0, 0]];
  const number = draw.integer(0, 4);
  const axis = (a: 0 | 1): PlainAxis => {
    const size = [height, width][a];
    const along = { size, kernel: kernel[a], stride: strides[a], dilation: dilations[a] };
    const reach = (kernel[a] - 1) * dilations[a] + 1;
    if (kind === "same") {
      const windows = Math.ceil(size / strides[a]);
      const total = Math.max(0, (windows - 1) * strides[a] + reach - size);
      return { ...along, windows, before: Math.floor(total / 2) };
    }
    const [before, after] = kind === "valid" ? [0, 0] : kind === "number" ? [number, number] : pads[a + 1];
    const steps = (size + before + after - reach) / strides[a];
    const round = kind !== "valid" && rounding === "ceil" ? Math.ceil : Math.floor;
    return { ...along, before, windows: round(steps) + 1 };
  };
  const axes = [axis(0), axis(1)] as const;
  const fits = axes.every(({ windows }) => windows > 0);
  // tfjs works out the width of the output of a numeric pad from the height's window and stride.
  if (!fits || (kind === "number" && !square)) return randomConvolution(draw);
  return {
    depthwise,
    dataFormat: draw.chance(0.2) && kind !== "pads" ? "NCHW" : "NHWC",
    shape: [draw.integer(1, 3), height, width, channels],
    filterShape: [
      ...kernel,
      channels,
      depthwise ? draw.integer(1, 3) : many ? draw.integer(16, 21) : draw.integer(1, 18),
    ],
    strides,
    dilations,
    pad: kind === "number" ? number : kind === "pads" ? pads : kind,
    rounding: kind === "number" || kind === "pads" ? rounding : undefined,
    axes,
  };
}

const one: [number, number] = [1, 1];

/** The convolution and its gradients by tfjs, against sums in float64: what differs. */
export function convolutionDifferences(tf: TensorFlow, draw: Draw): string[] {
  const convolution = randomConvolution(draw);
  const { depthwise, dataFormat, shape, filterShape, strides, dilations, pad, rounding, axes } = convolution;
  const floats = (size: Four): Float32Array => Float32Array.from(draw.floats(size.reduce((a, b) => a * b)));
  const filters = depthwise ? filterShape[2] * filterShape[3] : filterShape[3];
  const outShape: Four = [shape[0], axes[0].windows, axes[1].windows, filters];
  const [x, w, dy] = [floats(shape), floats(filterShape), floats(outShape)];
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  forEachProduct(convolution, (i, j, k) => {
    y[k] += x[i] * w[j];
    dx[i] += dy[k] * w[j];
    dw[j] += dy[k] * x[i];
  });
  return tf.tidy(() => {
    const last = dataFormat === "NHWC";
    const place = (t: Tensor4D): Tensor4D => (last ? t : tf.transpose(t, [0, 3, 1, 2]));
    const read = (t: Tensor): ArrayLike<number> => (last ? t : tf.transpose(t, [0, 2, 3, 1])).dataSync();
    const run = (input: Tensor, filter: Tensor): Tensor => {
      const operation = depthwise ? tf.depthwiseConv2d : tf.conv2d;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tf.grads knows no ranks
      return operation(input as Tensor4D, filter as Tensor4D, strides, pad, dataFormat, dilations, rounding);
    };
    const input = place(tf.tensor4d(x, shape));
    const filter = tf.tensor4d(w, filterShape);
    const found = run(input, filter);
    const back = tf.grads(run);
    const [foundDx, foundDw] = back([input, filter], place(tf.tensor<Rank.R4>(dy, outShape)));
    const wrong: string[] = [];
    const compare = (name: string, values: ArrayLike<number>, expected: Float64Array): void => {
      const distance = values.length === expected.length ? relativeDistance(values, expected) : Infinity;
      if (!(distance < 1e-5)) wrong.push(`${name} ${distance}: ${JSON.stringify(convolution)}`);
    };
    compare("output", read(found), y);
    compare("input gradient", read(foundDx), dx);
    compare("filter gradient", foundDw.dataSync(), dw);
    return wrong;
  });
}

/** Calls `visit` with the places in x, filter and output of all that are multiplied and added. */
function forEachProduct(
  { depthwise, shape, filterShape, axes }: RandomConvolution,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const [images, height, width, channels] = shape;
  const [rows, columns] = axes;
  const filters = filterShape[3];
  const outputs = depthwise ? channels * filters : filters;
  for (let n = 0; n < images; n++) {
    for (let p = 0; p < rows.windows; p++) {
      for (let q = 0; q < columns.windows; q++) {
        for (let r = 0; r < rows.kernel; r++) {
          const h = p * rows.stride + r * rows.dilation - rows.before;
          if (h < 0 || h >= height) continue;
          for (let s = 0; s < columns.kernel; s++) {
            const w = q * columns.stride + s * columns.dilation - columns.before;
            if (w < 0 || w >= width) continue;
            for (let c = 0; c < channels; c++) {
              for (let k = 0; k < filters; k++) {
                visit(
                  ((n * height + h) * width + w) * channels + c,
                  ((r * columns.kernel + s) * channels + c) * filters + k,
                  ((n * rows.windows + p) * columns.windows + q) * outputs + (depthwise ? c * filters + k : k),
                );
              }
            }
          }
        }
      }
    }
  }
}
