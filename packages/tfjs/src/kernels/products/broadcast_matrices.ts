import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext } from "../kernel_context.ts";
import type { Matrix } from "./product.ts";

/** Products whose strides are the same from one to the next. */
interface Products {
  readonly batch: number;
  readonly rows: number;
  readonly a: Matrix;
  readonly b: Matrix;
  /** Numbers of the result before the first one's. */
  readonly first: number;
}

export interface BroadcastMatrices {
  /** Leading sizes of the result. */
  readonly outer: number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly products: readonly Products[];
}

interface Operand extends Matrix {
  readonly outer: number[];
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The products that a batch product is made of: one for all of the batch, unless both operands are repeated along
 * different axes.
 *
 * @returns undefined when it is no product of matrices of that type
 */
export function broadcastMatrices(
  context: KernelContext,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  type: "float32" | "int32" = "float32",
): BroadcastMatrices | undefined {
  if (a.dtype !== type || b.dtype !== type || a.shape.length < 2 || b.shape.length < 2) return undefined;
  const left = operand(context, a, transposeA);
  const right = operand(context, b, transposeB);
  if (left.columns !== right.rows) return undefined;
  const outer = context.tf.broadcast_util.assertAndGetBroadcastShape(left.outer, right.outer);
  const batch = outer.reduce((product, size) => product * size, 1);
  const sizes = { outer, rows: left.rows, inner: left.columns, columns: right.columns };
  const whole = (x: Operand): boolean => x.count === batch || x.count === 1;
  if (!whole(left) || !whole(right)) return { ...sizes, products: single(sizes, left, right, batch) };
  // Rows of a batch that share the right operand are rows of one product.
  if (right.count === 1 && left.count === batch && !transposeA) {
    return { ...sizes, products: [{ batch: 1, rows: batch * left.rows, a: left, b: right, first: 0 }] };
  }
  return { ...sizes, products: [{ batch, rows: left.rows, a: left, b: right, first: 0 }] };
}

function operand(context: KernelContext, { dataId, shape, dtype }: TensorInfo, transpose: boolean): Operand {
  const [height, width] = shape.slice(-2);
  const outer = shape.slice(0, -2);
  const count = outer.reduce((product, size) => product * size, 1);
  return {
    outer,
    count,
    rows: transpose ? width : height,
    columns: transpose ? height : width,
    address: context.address({ dataId, shape, dtype }),
    rowStride: transpose ? 1 : width,
    columnStride: transpose ? width : 1,
    batchStride: count === 1 ? 0 : height * width,
  };
}

function single(sizes: Omit<BroadcastMatrices, "products">, a: Operand, b: Operand, batch: number): Products[] {
  const { outer, rows, columns } = sizes;
  return Array.from({ length: batch }, (_, n) => ({
    batch: 1,
    rows,
    a: at(a, outer, n),
    b: at(b, outer, n),
    first: n * rows * columns,
  }));
}

/** The matrix that number `n` of the result is made of. */
function at(batch: Operand, outer: readonly number[], n: number): Matrix {
  let index = 0;
  let stride = 1;
  let rest = n;
  for (let axis = 1; axis <= batch.outer.length; axis++) {
    const size = batch.outer[batch.outer.length - axis];
    const position = rest % outer[outer.length - axis];
    rest = Math.floor(rest / outer[outer.length - axis]);
    if (size > 1) index += position * stride;
    stride *= size;
  }
  return { ...batch, address: batch.address + index * batch.batchStride * 4 };
}
