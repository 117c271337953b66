import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext } from "../kernel_context.ts";
import type { PoolAxis } from "./pool_axis.ts";
import type { PoolGeometry } from "./pool_geometry.ts";

/**
 * The largest cell of each window of whole numbers or truth values, 0 where a window has no cell; and its place in the
 * batch, counted in elements, or -1. Shape: x [N, H, W, C] → twice [N, OH, OW, C].
 */
export function integerMaxPool(
  { backend, output }: KernelContext,
  x: TensorInfo,
  { images, channels, height, width, outShape }: PoolGeometry,
): { readonly y: TensorInfo; readonly places: number[] } {
  const y = output(outShape, x.dtype);
  const from = backend.typedArrayFromHeap(x);
  const places: number[] = [];
  for (let n = 0; n < images; n++) {
    for (const rows of cells(height)) {
      for (const columns of cells(width)) {
        for (let c = 0; c < channels; c++) {
          let place = -1;
          for (const h of rows) {
            for (const w of columns) {
              const cell = ((n * height.input + h) * width.input + w) * channels + c;
              if (place < 0 || from[cell] > from[place]) place = cell;
            }
          }
          places.push(place);
        }
      }
    }
  }
  const largest = places.map((place) => (place < 0 ? 0 : from[place]));
  backend.typedArrayFromHeap(y).set(largest);
  return { y, places };
}

/** The cells of each window along one axis. */
function cells({ input, output, window, stride, before }: PoolAxis): number[][] {
  return Array.from({ length: output }, (_, i) => {
    const first = i * stride - before;
    return Array.from({ length: window }, (__, k) => first + k).filter((cell) => cell >= 0 && cell < input);
  });
}
