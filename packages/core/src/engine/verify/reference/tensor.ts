/** A dense array in float64, row by row: the reference knows no other kind of number. */
export interface Tensor {
  /** [N, H, W, C] for images, [N, features] for rows. */
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A tensor of given values, or of zeros. */
export function tensor(shape: readonly number[], values?: ArrayLike<number>): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  if (values !== undefined && values.length !== size) {
    throw new Error(`[${shape.join(", ")}] has ${size} values; ${values.length} were given`);
  }
  return { shape, data: values === undefined ? new Float64Array(size) : Float64Array.from(values) };
}
