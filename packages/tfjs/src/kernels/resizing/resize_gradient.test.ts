import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

type Kind = "bilinear" | "nearest";
type Centers = "plain" | "alignCorners" | "halfPixelCenters";

function resize(kind: Kind, centers: Centers, size: [number, number]): (x: Tensor) => Tensor {
  const operation = kind === "bilinear" ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
  return (x) => operation(x as Tensor4D, size, centers === "alignCorners", centers === "halfPixelCenters");
}

/** Weight of each input pixel in each output pixel along one axis, in float64. */
function weights(kind: Kind, centers: Centers, input: number, output: number): number[][] {
  return Array.from({ length: output }, (_, i) => {
    const aligned = centers === "alignCorners" && output > 1;
    const stretched = aligned ? (i * (input - 1)) / (output - 1) : (i * input) / output;
    const half = ((i + 0.5) * input) / output;
    const inside = (position: number): number => Math.min(Math.max(position, 0), input - 1);
    const linear = inside(centers === "halfPixelCenters" ? half - 0.5 : stretched);
    const nearest = {
      plain: Math.floor(stretched),
      alignCorners: Math.round(stretched),
      halfPixelCenters: Math.floor(half),
    }[centers];
    const row = Array.from({ length: input }, (__, pixel) => Math.max(0, 1 - Math.abs(pixel - linear)));
    return kind === "bilinear" ? row : row.map((__, pixel) => Number(pixel === inside(nearest)));
  });
}

for (const kind of ["bilinear", "nearest"] as const) {
  for (const centers of ["plain", "alignCorners", "halfPixelCenters"] as const) {
    test(`images resized ${kind} with ${centers}, and the gradient, are those of the definition`, (t) => {
      const draw = new Draw(1);
      for (let i = 0; i < 80; i++) {
        const shape = [draw.integer(1, 3), draw.integer(1, 9), draw.integer(1, 9), draw.integer(1, 9)];
        const size: [number, number] = [draw.integer(1, 13), draw.integer(1, 13)];
        const [images, height, width, channels] = shape;
        const rows = weights(kind, centers, height, size[0]);
        const columns = weights(kind, centers, width, size[1]);
        const x = Float32Array.from(draw.floats(images * height * width * channels));
        const dy = Float32Array.from(draw.floats(images * size[0] * size[1] * channels));
        const y = new Float64Array(dy.length);
        const dx = new Float64Array(x.length);
        for (let out = 0; out < dy.length; out++) {
          const c = out % channels;
          const w = Math.floor(out / channels) % size[1];
          const h = Math.floor(out / channels / size[1]) % size[0];
          const n = Math.floor(out / channels / size[1] / size[0]);
          for (const [row, below] of rows[h].entries()) {
            for (const [column, beside] of columns[w].entries()) {
              const cell = ((n * height + row) * width + column) * channels + c;
              y[out] += below * beside * x[cell];
              dx[cell] += below * beside * dy[out];
            }
          }
        }
        tf.tidy(() => {
          const run = resize(kind, centers, size);
          const input = tf.tensor(x, shape);
          const output = run(input);
          const gradient = tf.grad(run)(input, tf.tensor(dy, output.shape));
          const about = JSON.stringify({ shape, size });
          t.true(relativeDistance(output.dataSync(), y) < 1e-5, about);
          t.true(relativeDistance(gradient.dataSync(), dx) < 1e-5, about);
        });
      }
    });
  }
}

test("the gradient with halfPixelCenters, which the stock kernels do not look at", (t) => {
  // Two pixels become four: of the first 1, ¾, ¼ and 0, or of the nearest 1, 1, 0 and 0.
  const x = tf.tensor4d([1, 2], [1, 1, 2, 1]);
  const dy = tf.tensor4d([1, 10, 100, 1000], [1, 1, 4, 1]);
  t.deepEqual(
    stockAndOurs(() => tf.grad(resize("bilinear", "halfPixelCenters", [1, 4]))(x, dy)),
    [
      [6, 1105],
      [33.5, 1077.5],
    ],
  );
  // Three become two, the first and the last: of 3 / 2 · (i + ½) the whole part is 0 and 2.
  t.deepEqual(
    stockAndOurs(() =>
      tf.grad(resize("nearest", "halfPixelCenters", [1, 2]))(
        tf.tensor4d([1, 2, 3], [1, 1, 3, 1]),
        tf.ones([1, 1, 2, 1]),
      ),
    ),
    [
      [1, 1, 0],
      [1, 0, 1],
    ],
  );
});

test("the gradient of a single pixel that alignCorners makes larger", (t) => {
  const x = tf.tensor4d([5], [1, 1, 1, 1]);
  t.deepEqual(
    stockAndOurs(() => tf.grad(resize("nearest", "alignCorners", [1, 3]))(x)),
    [[0], [3]],
  );
});

test("gradients that are no floats are refused", (t) => {
  tf.tidy(() => {
    const inputs = { images: tf.ones([1, 1, 1, 1]), dy: tf.ones([1, 1, 1, 1], "int32") };
    for (const kernel of ["ResizeBilinearGrad", "ResizeNearestNeighborGrad"]) {
      t.throws(() => void tf.engine().runKernel(kernel, inputs, {}), { code: "TAPE_TYPE" });
    }
  });
});
