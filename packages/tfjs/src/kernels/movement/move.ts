import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { memoryOf } from "@convoy/core/engine";
import type { KernelContext } from "../kernel_context.ts";

/** One axis along which elements are moved; strides count elements, and may be negative or, in the source, 0. */
export interface MovedAxis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

const axisBytes = 16;

/** The backend keeps truth values in a byte each. */
export function bytesOf(dtype: DataType): 1 | 4 {
  return dtype === "bool" ? 1 : 4;
}

/**
 * Moves elements from one tensor to another of the same type, whatever that is.
 *
 * @param from Element of x that comes first
 * @param to Its place in y
 * @param axes Outermost first
 */
export function move(
  context: KernelContext,
  x: TensorInfo,
  from: number,
  y: TensorInfo,
  to: number,
  axes: readonly MovedAxis[],
): void {
  const joined = joinAxes(axes);
  if (joined.some(({ size }) => size === 0)) return;
  const bytes = bytesOf(x.dtype);
  const room = context.scratch(joined.length * axisBytes);
  const words = new Int32Array(memoryOf(context.backend).buffer, room, joined.length * 4);
  for (const [d, axis] of joined.entries()) {
    words[d * 4] = axis.size;
    words[d * 4 + 1] = axis.from * bytes;
    words[d * 4 + 2] = axis.to * bytes;
  }
  const { address, kernels } = context;
  kernels.moveElements(address(x) + from * bytes, address(y) + to * bytes, bytes, room, joined.length);
}

/** Without axes of size 1, and with those as one that go on where the next inner one ends; at least one. */
function joinAxes(axes: readonly MovedAxis[]): readonly MovedAxis[] {
  const joined: MovedAxis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const outer = joined.at(-1);
    if (outer && outer.from === axis.from * axis.size && outer.to === axis.to * axis.size) {
      joined[joined.length - 1] = { ...axis, size: outer.size * axis.size };
    } else joined.push(axis);
  }
  return joined.length > 0 ? joined : [{ size: 1, from: 1, to: 1 }];
}

/** How many elements a step along each axis is. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let d = shape.length - 2; d >= 0; d--) strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

/** x with its values repeated, so that it has this shape; x itself where it has as many. */
export function expanded(context: KernelContext, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const { sizeFromShape } = context.tf.util;
  if (sizeFromShape(x.shape) === sizeFromShape([...shape])) return x;
  const y = context.output(shape, x.dtype);
  const first = shape.length - x.shape.length;
  const from = stridesOf(x.shape);
  const to = stridesOf(shape);
  const axes = shape.map((size, d) => ({
    size,
    from: d < first || x.shape[d - first] === 1 ? 0 : from[d - first],
    to: to[d],
  }));
  move(context, x, 0, y, 0, axes);
  return y;
}
