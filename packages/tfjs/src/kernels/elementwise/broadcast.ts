import { memoryOf } from "@convoy/core/engine";
import type { KernelContext } from "../kernel_context.ts";
import type { BinaryOperation } from "./binary_operation.ts";

/** One axis of a result, or several that run as one: how many values, and how far each moves in a and in b. */
export interface BroadcastAxis {
  size: number;
  readonly aStride: number;
  readonly bStride: number;
}

/** For copies of scalars. */
const copiesBytes = 32;
const axisBytes = 16;
/** Shorter lines than this are repeated into longer ones, where that can be done once for all. */
const shortLine = 64;

/** The axes of a broadcast, innermost first; axes of size 1 left out, and those that are contiguous in both joined. */
export function broadcastAxes(a: readonly number[], b: readonly number[], shape: readonly number[]): BroadcastAxis[] {
  const axes: BroadcastAxis[] = [];
  let aSize = 1;
  let bSize = 1;
  for (let d = 1; d <= shape.length; d++) {
    const size = shape[shape.length - d];
    const aAxis = d <= a.length ? a[a.length - d] : 1;
    const bAxis = d <= b.length ? b[b.length - d] : 1;
    if (size !== 1) addAxis(axes, size, aAxis === 1 ? 0 : aSize, bAxis === 1 ? 0 : bSize);
    aSize *= aAxis;
    bSize *= bAxis;
  }
  return axes;
}

/** Puts an axis around those that are there, as part of the outermost one if it goes on where that ends. */
export function addAxis(axes: BroadcastAxis[], size: number, aStride: number, bStride: number): void {
  const inner = axes.at(-1);
  if (inner && aStride === inner.aStride * inner.size && bStride === inner.bStride * inner.size) inner.size *= size;
  else axes.push({ size, aStride, bStride });
}

/** y = a ∘ b over these axes, of which the innermost moves a and b by 0 or 1. All are addresses of 4-byte values. */
export function runBroadcast(
  context: KernelContext,
  operation: BinaryOperation,
  a: number,
  b: number,
  y: number,
  axes: readonly BroadcastAxis[],
  resultBytes: number,
): void {
  if (axes.length === 0) {
    runLine(context, operation, a, b, y, 1, 1, 1);
    return;
  }
  const [{ size: columns, aStride: aStep, bStride: bStep }, ...outer] = axes;
  if (outer.length === 1 && columns < shortLine && aStep === 1 && bStep === 1) {
    const { size: rows, aStride, bStride } = outer[0];
    if (aStride === 0 || bStride === 0) {
      runRepeated(context, operation, a, b, y, rows, columns, aStride === 0, resultBytes);
      return;
    }
  }
  const room = context.scratch(copiesBytes + outer.length * axisBytes);
  writeAxes(context, room, outer);
  context.kernels.broadcastBinary(operation, a, b, y, columns, aStep, bStep, room, outer.length);
}

/** y = a ∘ b for `count` values; a step is 1 for a vector and 0 for a scalar, of which there is one at most. */
export function runLine(
  { kernels, scratch }: KernelContext,
  operation: BinaryOperation,
  a: number,
  b: number,
  y: number,
  count: number,
  aStep: 0 | 1,
  bStep: 0 | 1,
): void {
  kernels.broadcastBinary(operation, a, b, y, count, aStep, bStep, scratch(copiesBytes), 0);
}

/** Many short rows and one: that one is repeated first, so that there are fewer and longer lines. */
function runRepeated(
  context: KernelContext,
  operation: BinaryOperation,
  a: number,
  b: number,
  y: number,
  rows: number,
  columns: number,
  aRepeats: boolean,
  resultBytes: number,
): void {
  const { kernels, scratch } = context;
  const times = Math.min(rows, Math.ceil((2 * shortLine) / columns));
  const period = times * columns;
  const lines = Math.floor(rows / times);
  const room = scratch(copiesBytes + axisBytes + period * 4);
  const repeated = room + copiesBytes + axisBytes;
  kernels.repeat(aRepeats ? a : b, columns * 4, times, repeated);
  writeAxes(context, room, [{ size: lines, aStride: aRepeats ? 0 : period, bStride: aRepeats ? period : 0 }]);
  kernels.broadcastBinary(operation, aRepeats ? repeated : a, aRepeats ? b : repeated, y, period, 1, 1, room, 1);
  const done = lines * period;
  const rest = rows * columns - done;
  if (rest === 0) return;
  const lastA = aRepeats ? repeated : a + done * 4;
  const lastB = aRepeats ? b + done * 4 : repeated;
  kernels.broadcastBinary(operation, lastA, lastB, y + done * resultBytes, rest, 1, 1, room, 0);
}

/** Tells the kernel the outer axes, which are given innermost first. */
function writeAxes({ backend }: KernelContext, room: number, outer: readonly BroadcastAxis[]): void {
  const words = new Int32Array(memoryOf(backend).buffer, room + copiesBytes, outer.length * 4);
  for (let i = 0; i < outer.length; i++) {
    const { size, aStride, bStride } = outer[outer.length - 1 - i];
    words[i * 4] = size;
    words[i * 4 + 1] = aStride * 4;
    words[i * 4 + 2] = bStride * 4;
  }
}
