/** [height, width, channels] of an image, or [features] after `flatten` and `dense`. */
export type Shape = readonly number[];
export type ImageShape = readonly [height: number, width: number, channels: number];

/** "[28, 28, 1]", as it would be typed. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Number of values in a shape. */
export function shapeSize(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
