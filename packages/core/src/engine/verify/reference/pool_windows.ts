import type { Tensor } from "./tensor.ts";
import { slide } from "./window.ts";

export interface Pool2dSettings {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
}

/**
 * Calls `visit` for each output element with the input elements under its window: real cells only, row by row.
 *
 * @returns the output's shape
 */
export function forEachPool(
  x: Tensor,
  { poolSize, strides, padding }: Pool2dSettings,
  visit: (out: number, cells: readonly number[]) => void,
): number[] {
  const [images, height, width, channels] = x.shape;
  const vertical = slide(height, poolSize[0], strides[0], padding);
  const horizontal = slide(width, poolSize[1], strides[1], padding);
  let out = 0;
  for (let n = 0; n < images; n++) {
    for (let p = 0; p < vertical.positions; p++) {
      for (let q = 0; q < horizontal.positions; q++) {
        for (let c = 0; c < channels; c++) {
          const cells: number[] = [];
          for (let r = 0; r < poolSize[0]; r++) {
            for (let s = 0; s < poolSize[1]; s++) {
              const h = vertical.start(p) + r;
              const w = horizontal.start(q) + s;
              if (h < 0 || h >= height || w < 0 || w >= width) continue;
              cells.push(((n * height + h) * width + w) * channels + c);
            }
          }
          visit(out++, cells);
        }
      }
    }
  }
  return [images, vertical.positions, horizontal.positions, channels];
}
