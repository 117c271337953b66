/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no samples were taken, so there is no median");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median absolute deviation: the median distance from the median, without the factor for normal distributions. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const center = median(values);
  return median(values.map((value) => Math.abs(value - center)));
}

/** What a row of a result says about its samples. */
export interface Summary {
  readonly median: number;
  /** Median absolute deviation. */
  readonly mad: number;
  readonly samples: number;
}

export function summarize(values: readonly number[]): Summary {
  return { median: median(values), mad: medianAbsoluteDeviation(values), samples: values.length };
}
