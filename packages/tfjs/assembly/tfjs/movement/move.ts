// target[Σ i · targetStride] = source[Σ i · sourceStride] for all indices i of some axes: elements of 1 or 4 bytes, of any
// type, from one layout to another. A stride may be negative, or 0 in the source, which repeats it.

/** One axis; strides count bytes. Written by `src/kernels/movement/move.ts`, outermost first. */
@unmanaged
class MovedAxis {
  size: i32;
  sourceStride: i32;
  targetStride: i32;
  index: i32;
}

const axisBytes: usize = 16;

/** @param rank At least one; the innermost axis is moved as a line. */
export function moveElements(source: usize, target: usize, bytes: i32, axes: usize, rank: i32): void {
  for (let d = 0; d < rank; d++) changetype<MovedAxis>(axes + <usize>d * axisBytes).index = 0;
  const inner = changetype<MovedAxis>(axes + <usize>(rank - 1) * axisBytes);
  const count = inner.size, sourceStride = inner.sourceStride, targetStride = inner.targetStride;
  const whole = sourceStride == bytes && targetStride == bytes;
  let d: i32;
  do {
    if (whole) memory.copy(target, source, <usize>count * bytes);
    else if (bytes == 4) moveLine<u32>(source, target, count, sourceStride, targetStride);
    else moveLine<u8>(source, target, count, sourceStride, targetStride);
    for (d = rank - 2; d >= 0; d--) {
      const axis = changetype<MovedAxis>(axes + <usize>d * axisBytes);
      source += axis.sourceStride;
      target += axis.targetStride;
      if (++axis.index < axis.size) break;
      source -= axis.sourceStride * axis.size;
      target -= axis.targetStride * axis.size;
      axis.index = 0;
    }
  } while (d >= 0);
}

// @ts-ignore: decorator
@inline
function moveLine<T>(source: usize, target: usize, count: i32, sourceStride: i32, targetStride: i32): void {
  for (let i = 0; i < count; i++) {
    store<T>(target, load<T>(source));
    source += sourceStride;
    target += targetStride;
  }
}
