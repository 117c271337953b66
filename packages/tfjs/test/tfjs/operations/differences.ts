import type { CellType, Numbers } from "./cell.ts";

/** What `register` gives otherwise than tfjs's CPU backend does; docs/tfjs-wasm-fixes.md has a line for each operation. */
export interface ListedDifference {
  readonly operations: readonly string[];
  readonly types: readonly CellType[];
  /** Of which numbers: others agree. */
  readonly numbers: readonly Numbers[];
  readonly reason: string;
}

export const listedDifferences: readonly ListedDifference[] = [
  {
    operations: ["abs"],
    types: ["int32"],
    numbers: ["special"],
    reason: "exact; the CPU backend rounds whole numbers to float32",
  },
  {
    operations: [
      "mul",
      "mul of two types",
      "square",
      "squaredDifference",
      "squaredDifference of two types",
      "prod",
      "cumprod",
      "matMul",
      "dot",
      "outerProduct",
    ],
    types: ["int32", "bool"],
    numbers: ["special"],
    reason: "exact modulo 2^32; the CPU backend rounds products above 2^53",
  },
  {
    operations: ["floorDiv of two types", "mod of two types"],
    types: ["float32", "int32"],
    numbers: ["special"],
    reason: "a whole number above 2^24 that becomes a float is rounded; the CPU backend keeps it",
  },
  {
    operations: ["pow", "pow of two types"],
    types: ["float32", "int32", "bool"],
    numbers: ["special"],
    reason: "1 to the power of NaN, and -1 to that of an infinity, is 1, as in C and TensorFlow; NaN in JavaScript",
  },
  {
    operations: ["resizeNearestNeighbor"],
    types: ["int32"],
    numbers: ["special"],
    reason: "exact; the CPU backend rounds whole numbers to float32",
  },
  {
    operations: ["prod", "resizeBilinear", "localResponseNormalization"],
    types: ["float32", "int32"],
    numbers: ["special"],
    reason: "computed in float32: 0 times infinity, and what is larger than 3.4e38",
  },
  {
    operations: ["conv2dTranspose", "conv3d", "conv3dTranspose", "batchNorm", "rgbToGrayscale", "mean", "moments"],
    types: ["float32", "int32"],
    numbers: ["special"],
    reason: "computed in float32, also of whole numbers above 2^24; infinite weights meet the zeros of a padding",
  },
  {
    operations: ["dilation2d"],
    types: ["float32", "int32"],
    numbers: ["special"],
    reason:
      "the maximum starts at -Infinity, the CPU backend's at -2^53; sums of whole numbers wrap before they are compared",
  },
  {
    operations: ["maxPoolWithArgmax"],
    types: ["float32"],
    numbers: ["special"],
    reason: "the place of a maximum of -Infinity is its first cell; -1 on the CPU backend",
  },
  {
    operations: ["topk", "searchSorted"],
    types: ["float32"],
    numbers: ["special"],
    reason: "the order of NaN, and on the CPU backend that of equal infinities, is undefined",
  },
  {
    operations: ["mean", "moments"],
    types: ["float32", "int32", "bool"],
    numbers: ["none"],
    reason: "the mean of nothing is NaN, as in TensorFlow; 0 on the CPU backend",
  },
];

/** Whether a difference was to be expected. */
export function isListed(operation: string, dtype: CellType, numbers: Numbers): boolean {
  return listedDifferences.some(
    (entry) => entry.operations.includes(operation) && entry.types.includes(dtype) && entry.numbers.includes(numbers),
  );
}
