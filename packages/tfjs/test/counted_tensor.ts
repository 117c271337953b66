import { type DataType, type Tensor, tensor } from "@tensorflow/tfjs-core";

/** 0, 1, 2, … in this shape; of truth values every third is true. */
export function countedTensor(shape: number[], dtype: DataType): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: size }, (_, i) => (dtype === "bool" ? Number(i % 3 === 0) : i + 16_000_000));
  return tensor(values, shape, dtype);
}
