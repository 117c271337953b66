/** Differences below this share of a tensor's largest value may come out either way in float32. */
export const kinkTolerance = 1e-5;

/**
 * A place where an operation has a corner, and its input stands so close to it that float32 and float64 may decide
 * differently: which cell wins a maximum, or on which side of zero a relu's input is.
 */
export interface Kink {
  /** Index of the output value. */
  readonly element: number;
  /** The decision that was not taken, in the operation's own terms. */
  readonly alternative: number;
}

/** Replaces decisions by their alternatives, as the backward pass then follows them. */
export function follow(decisions: Int32Array, kinks: readonly Kink[]): void {
  for (const { element, alternative } of kinks) decisions[element] = alternative;
}

/** Largest absolute value. */
export function magnitude(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
