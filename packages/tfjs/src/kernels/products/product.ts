import { memoryOf } from "@convoy/core/engine";
import type { KernelContext } from "../kernel_context.ts";

/** A matrix in the backend's memory, or a batch of them; strides count numbers. */
export interface Matrix {
  readonly address: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** 0 uses one matrix for all of the batch. */
  readonly batchStride: number;
}

export interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: Matrix;
  readonly b: Matrix;
  /** Address of the first product; the others follow. */
  readonly out: number;
  /** Address of a row that is added to each of `out`; 0 for none. */
  readonly bias: number;
  readonly low: number;
  readonly high: number;
}

/** The struct of `assembly/tfjs/product/operands.ts`, in its order. */
const structBytes = 80;

/** out = clamp(a · b + bias, low, high); a NaN stays one. Shape: a [M, I], b [I, K] → [M, K], or a batch of each. */
export function multiply(
  context: KernelContext,
  product: Product,
  kernel: "product" | "integerProduct" = "product",
): void {
  const { batch, rows, inner, columns, a, b } = product;
  const struct = context.scratch(structBytes + context.kernels.productScratchBytes(inner, columns));
  const { buffer } = memoryOf(context.backend);
  new Int32Array(buffer, struct, structBytes / 4).set([
    product.out,
    columns * 4,
    product.bias,
    0,
    0,
    rows,
    inner,
    columns,
    a.address,
    a.rowStride * 4,
    a.columnStride * 4,
    b.address,
    b.rowStride * 4,
    b.columnStride * 4,
    batch,
    a.batchStride * 4,
    b.batchStride * 4,
    rows * columns * 4,
    0,
    struct + structBytes,
  ]);
  const limits = new Float32Array(buffer, struct + 12, 2);
  limits[0] = product.low;
  limits[1] = product.high;
  context.kernels[kernel](struct);
}
