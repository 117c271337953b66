import type { Padding } from "../src/network/layers/window.ts";
import type { Pair } from "../src/network/options/values.ts";
import type { Draw } from "./draw.ts";

export interface RandomWindow {
  /** [N, H, W, C] */
  readonly shape: [number, number, number, number];
  readonly window: [number, number];
  readonly strides: [number, number];
  readonly padding: Padding;
}

/** Small images and windows of any shape: larger than the image, smaller than the stride, one pixel. */
export function randomWindow(draw: Draw): RandomWindow {
  const shape = [draw.integer(1, 3), draw.integer(1, 8), draw.integer(1, 8), draw.integer(1, 9)] as const;
  const padding = draw.pick<Padding>(["valid", "same"]);
  const length = (size: number): number => draw.integer(1, padding === "same" ? 4 : Math.min(size, 4));
  const window: Pair = [length(shape[1]), length(shape[2])];
  return { shape: [...shape], window: [...window], strides: [draw.integer(1, 5), draw.integer(1, 5)], padding };
}
