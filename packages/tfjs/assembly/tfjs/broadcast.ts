// y = a ∘ b for shapes that are broadcast: lines of `columns` values, over which up to `rank` outer axes run.
import { arithmeticLine } from "./arithmetic";
import { comparisonLine } from "./comparison";

/** The first comparison; those before it give floats. */
const FIRST_COMPARISON = 16;

/** One outer axis: its size, and how far an index moves a and b, in bytes; 0 where it is broadcast. */
@unmanaged
class Axis {
  size: i32;
  aStride: i32;
  bStride: i32;
  index: i32;
}

const axisBytes: usize = 16;

/**
 * A step is 1 where the innermost axis moves, 0 where the line has one value all along. `room` is 32 bytes, for copies of
 * that one, and after it the outer axes, outermost first.
 */
export function broadcastBinary(
  operation: i32, a: usize, b: usize, y: usize, columns: i32, aStep: i32, bStep: i32, room: usize, rank: i32,
): void {
  const compares = operation >= FIRST_COMPARISON;
  const lineBytes: usize = compares ? <usize>columns : <usize>columns << 2;
  const axes = room + 32;
  for (let d = 0; d < rank; d++) changetype<Axis>(axes + <usize>d * axisBytes).index = 0;
  let d: i32;
  do {
    let p = a, q = b;
    if (aStep == 0) {
      v128.store(room, v128.load32_splat(a));
      p = room;
    }
    if (bStep == 0) {
      v128.store(room, v128.load32_splat(b), 16);
      q = room + 16;
    }
    if (compares) comparisonLine(operation, p, <usize>aStep << 4, q, <usize>bStep << 4, y, columns);
    else arithmeticLine(operation, p, <usize>aStep << 4, q, <usize>bStep << 4, y, columns);
    y += lineBytes;
    for (d = rank - 1; d >= 0; d--) {
      const axis = changetype<Axis>(axes + <usize>d * axisBytes);
      a += axis.aStride;
      b += axis.bStride;
      if (++axis.index < axis.size) break;
      a -= axis.aStride * axis.size;
      b -= axis.bStride * axis.size;
      axis.index = 0;
    }
  } while (d >= 0);
}

/** Writes `bytes` bytes `times` times, one after the other. */
export function repeat(source: usize, bytes: usize, times: i32, target: usize): void {
  for (let i = 0; i < times; i++) memory.copy(target + <usize>i * bytes, source, bytes);
}
