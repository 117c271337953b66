/** Sizes and offsets: whole numbers from 0 that a float64 holds exactly. */
export function areSizes(values: readonly number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0);
}

/** Elements of a tensor; undefined when no number holds them exactly, which a file of that size could not either. */
export function elements(shape: readonly number[]): number | undefined {
  let product = 1;
  for (const size of shape) {
    product *= size;
    if (product > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return product;
}
