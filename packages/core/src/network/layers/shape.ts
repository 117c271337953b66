import type { Shape } from "./layer.ts";

/** "[28, 28, 1]", as it would be typed. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Number of values in a shape. */
export function shapeSize(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
