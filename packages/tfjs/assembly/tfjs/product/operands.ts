import { Target } from "./tile";

/** Two matrices, or batches of them, and where their product goes. Written by `src/kernels/products/product.ts`. */
@unmanaged
export class Product extends Target {
  rows: i32;
  inner: i32;
  columns: i32;
  a: usize;
  aRowBytes: usize;
  aInnerBytes: usize;
  b: usize;
  bInnerBytes: usize;
  bColumnBytes: usize;
  /** Of a batch; a stride of 0 uses a matrix for all of it. */
  batch: i32;
  aBatchBytes: usize;
  bBatchBytes: usize;
  cBatchBytes: usize;
  /** Whether to add to what is in c. */
  accumulate: i32;
  /** `productScratchBytes` of it. */
  scratch: usize;
}
