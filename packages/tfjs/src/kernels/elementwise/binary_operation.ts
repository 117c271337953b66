/** The operations of `assembly/tfjs/arithmetic.ts` and `comparison.ts`, by their numbers there. */
export const binaryOperation = {
  add: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  squaredDifference: 4,
  maximum: 5,
  minimum: 6,
  /** a, times b below zero. */
  prelu: 7,
  /** a alone, which is a broadcast. */
  first: 8,
  greater: 16,
  greaterEqual: 17,
  less: 18,
  lessEqual: 19,
  equal: 20,
  notEqual: 21,
} as const;

export type BinaryOperation = (typeof binaryOperation)[keyof typeof binaryOperation];
