/** What a random number is for: two purposes never share their numbers, whatever seed and counters they use. */
export const PURPOSE = {
  /** Counters: parameter index, element index. */
  initialize: 1,
  /** Counters: epoch, position. */
  shuffle: 2,
  /** Counters: 0, index of the sample. */
  validationSplit: 3,
} as const;
