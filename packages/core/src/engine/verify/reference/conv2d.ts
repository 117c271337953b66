import { type Tensor, tensor } from "./tensor.ts";
import { slide } from "./window.ts";

export interface Conv2dSettings {
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
}

/**
 *     y[n, p, q, k] = bias[k] + Σ_r Σ_s Σ_c x[n, start(p) + r, start(q) + s, c] · kernel[r, s, c, k]
 *
 * Cells outside the image are zero.
 *
 * Shape: x [N, H, W, C], kernel [R, S, C, K], bias [K] → y [N, P, Q, K]
 */
export function conv2d(x: Tensor, kernel: Tensor, bias: Tensor | undefined, settings: Conv2dSettings): Tensor {
  const y = tensor(outputShape(x, kernel, settings));
  if (bias !== undefined) for (let i = 0; i < y.data.length; i++) y.data[i] = bias.data[i % bias.data.length];
  const filters = kernel.shape[3];
  forEachPair(x, kernel, settings, (at, weight, out) => {
    for (let k = 0; k < filters; k++) y.data[out + k] += x.data[at] * kernel.data[weight + k];
  });
  return y;
}

/**
 *     dx[n, h, w, c] = Σ dy[n, p, q, k] · kernel[r, s, c, k]         over all products in which x[n, h, w, c] stands
 *     dkernel[r, s, c, k] = Σ dy[n, p, q, k] · x[n, h, w, c]         over all products in which kernel[r, s, c, k] stands
 *     dbias[k] = Σ_n Σ_p Σ_q dy[n, p, q, k]
 */
export function conv2dGradients(
  x: Tensor,
  kernel: Tensor,
  dy: Tensor,
  settings: Conv2dSettings,
): { dx: Tensor; dKernel: Tensor; dBias: Tensor } {
  const dx = tensor(x.shape);
  const dKernel = tensor(kernel.shape);
  const filters = kernel.shape[3];
  const dBias = tensor([filters]);
  forEachPair(x, kernel, settings, (at, weight, out) => {
    for (let k = 0; k < filters; k++) {
      dx.data[at] += dy.data[out + k] * kernel.data[weight + k];
      dKernel.data[weight + k] += dy.data[out + k] * x.data[at];
    }
  });
  for (let i = 0; i < dy.data.length; i++) dBias.data[i % dBias.data.length] += dy.data[i];
  return { dx, dKernel, dBias };
}

function outputShape(x: Tensor, kernel: Tensor, { strides, padding }: Conv2dSettings): number[] {
  const [images, height, width] = x.shape;
  const [rows, columns, , filters] = kernel.shape;
  const vertical = slide(height, rows, strides[0], padding);
  const horizontal = slide(width, columns, strides[1], padding);
  return [images, vertical.positions, horizontal.positions, filters];
}

/** Calls `visit` for each input cell under each window: its place, and those of filter 0 in kernel and y. */
function forEachPair(
  x: Tensor,
  kernel: Tensor,
  settings: Conv2dSettings,
  visit: (at: number, weight: number, out: number) => void,
): void {
  const [images, height, width, channels] = x.shape;
  const [rows, columns, , filters] = kernel.shape;
  const [, outHeight, outWidth] = outputShape(x, kernel, settings);
  const vertical = slide(height, rows, settings.strides[0], settings.padding);
  const horizontal = slide(width, columns, settings.strides[1], settings.padding);
  for (let n = 0; n < images; n++) {
    for (let p = 0; p < outHeight; p++) {
      for (let q = 0; q < outWidth; q++) {
        for (let r = 0; r < rows; r++) {
          const h = vertical.start(p) + r;
          if (h < 0 || h >= height) continue;
          for (let s = 0; s < columns; s++) {
            const w = horizontal.start(q) + s;
            if (w < 0 || w >= width) continue;
            for (let c = 0; c < channels; c++) {
              const at = ((n * height + h) * width + w) * channels + c;
              const weight = ((r * columns + s) * channels + c) * filters;
              const out = ((n * outHeight + p) * outWidth + q) * filters;
              visit(at, weight, out);
            }
          }
        }
      }
    }
  }
}
