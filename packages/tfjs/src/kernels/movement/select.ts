import type { TensorInfo } from "@tensorflow/tfjs-core";
import { memoryOf } from "@convoy/core/engine";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { bytesOf } from "./move.ts";

/**
 * y = condition ? t : e. Shape: t and e alike; condition alike, or [n] where they are [n, ..]: it then chooses rows.
 * Type: any; of two, the one that holds both.
 *
 * The stock kernel moves four bytes an element whatever the type, and fills a row with one value. `tf.where`,
 * `tf.divNoNan` and `tf.linalg.bandPart`, the causal mask of attention, are made of it.
 */
export const select: TfjsKernel = (context, { condition, t, e }) => {
  const { assertShapesMatch, sizeFromShape } = context.tf.util;
  const dtype = context.tf.upcastType(t.dtype, e.dtype);
  const count = sizeFromShape(condition.shape);
  const size = sizeFromShape(t.shape);
  // tfjs-core broadcasts an axis of size 0 to one of size 1, where the result is zeros on its CPU backend.
  if (count === 0 || size === 0 || sizeFromShape(e.shape) === 0) {
    const y = context.output(t.shape, dtype);
    context.backend.typedArrayFromHeap(y).fill(0);
    return y;
  }
  assertShapesMatch(t.shape, e.shape, "Error in select: ");
  const a = ofType(context, t, dtype);
  const b = ofType(context, e, dtype);
  const y = context.output(t.shape, dtype);
  const { address, kernels } = context;
  const bytes = bytesOf(dtype);
  if (count === size) kernels.selectElements(address(condition), address(a), address(b), address(y), size, bytes);
  else if (size > 0) selectRows(context, condition, a, b, y, (size / count) * bytes);
  if (a !== t) context.release(a);
  if (b !== e) context.release(b);
  return y;
};

function selectRows(
  context: KernelContext,
  condition: TensorInfo,
  t: TensorInfo,
  e: TensorInfo,
  y: TensorInfo,
  rowBytes: number,
): void {
  const memory = new Uint8Array(memoryOf(context.backend).buffer);
  const from = context.address(condition);
  const to = context.address(y);
  const rows = context.tf.util.sizeFromShape(condition.shape);
  for (let row = 0; row < rows; row++) {
    const source = context.address(memory[from + row] === 0 ? e : t) + row * rowBytes;
    memory.copyWithin(to + row * rowBytes, source, source + rowBytes);
  }
}

function ofType(context: KernelContext, x: TensorInfo, dtype: TensorInfo["dtype"]): TensorInfo {
  return x.dtype === dtype ? x : context.run("Cast", { x }, { dtype });
}
