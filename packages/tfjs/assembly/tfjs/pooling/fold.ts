// One row of floats from several that lie `step` bytes apart.
//
//   target[i] = first[i] ∘ first[i + step] ∘ ...        ∘ is the larger of two, or their sum
//
// A pool folds planes into one plane, its rows into one row, and that row's pixels into an output: of a 3 × 3 window each
// cell is then read twice instead of nine times.

import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

/** The largest; NaN is ignored, as by tfjs, and without any number it is -Infinity. */
export const LARGEST = 0;
export const SUM = 1;
/** The sum, divided by a number at the end. */
export const MEAN = 2;

/** pmax(a, b) is a < b ? b : a, which keeps an a that is no NaN from one that is. */
// @ts-ignore: decorator
@inline
export function join(mode: i32, a: v128, b: v128): v128 {
  return mode == LARGEST ? f32x4.pmax(a, b) : f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
export function first4(mode: i32, at: usize): v128 {
  return least(mode, v128.load(at));
}

/** A first value, from which a maximum begins: NaN is none. */
// @ts-ignore: decorator
@inline
function least(mode: i32, value: v128): v128 {
  return mode == LARGEST ? f32x4.pmax(f32x4.splat(-Infinity), value) : value;
}

// @ts-ignore: decorator
@inline
export function share(mode: i32, value: v128, divisors: v128): v128 {
  return mode == MEAN ? f32x4.div(value, divisors) : value;
}

// @ts-ignore: decorator
@inline
function put(mode: i32, target: usize, value: v128, divisors: v128): void {
  v128.store(target, share(mode, value, divisors));
}

/** @param count Rows, at least one. */
// @ts-ignore: decorator
@inline
export function fold(mode: i32, target: usize, first: usize, count: i32, step: usize, floats: i32, divisor: f32): void {
  if (floats < 4) {
    foldNarrow(mode, target, first, count, step, floats, 1, 0, divisor);
    return;
  }
  // The last vector overlaps the one before where the row is no whole number of vectors.
  const last: usize = (<usize>floats << 2) - 16;
  const divisors = f32x4.splat(divisor);
  if (count == 2) {
    const second: usize = first + step;
    for (let at: usize = 0; at < last; at += 16) {
      put(mode, target + at, join(mode, first4(mode, first + at), v128.load(second + at)), divisors);
    }
    put(mode, target + last, join(mode, first4(mode, first + last), v128.load(second + last)), divisors);
  } else if (count == 3) {
    for (let at: usize = 0; at < last; at += 16) put(mode, target + at, three(mode, first + at, step), divisors);
    put(mode, target + last, three(mode, first + last, step), divisors);
  } else {
    let at: usize = 0;
    for (; at + 64 <= last + 16; at += 64) manyLines(mode, target + at, first + at, count, step, divisors);
    for (; at < last; at += 16) put(mode, target + at, many(mode, first + at, count, step), divisors);
    if (at < last + 16) put(mode, target + last, many(mode, first + last, count, step), divisors);
  }
}

/**
 * The same for one to three floats, `times` times: `stride` bytes apart in what is read, at least as many as the floats have,
 * and without a gap in what is written. Of single numbers the larger would be taken by a jump that no processor can foresee;
 * of vectors it is not.
 */
// @ts-ignore: decorator
@inline
export function foldNarrow(
  mode: i32, target: usize, first: usize, count: i32, step: usize, floats: i32, times: i32, stride: usize, divisor: f32,
): void {
  const divisors = f32x4.splat(divisor);
  if (floats == 1) foldEach(mode, target, first, count, step, 1, 1, times, stride, divisors);
  else if (floats == 2) foldEach(mode, target, first, count, step, 2, 4, times, stride, divisors);
  else foldEach(mode, target, first, count, step, 3, 4, times, stride, divisors);
}

/**
 * Of all but the last time, `lanes` are read and written: what they have too much is read of cells that the next time reads,
 * and is written where the next time writes. So nothing beyond the cells and the outputs is touched.
 */
// @ts-ignore: decorator
@inline
function foldEach(
  mode: i32, target: usize, first: usize, count: i32, step: usize, floats: i32, lanes: i32, times: i32, stride: usize,
  divisors: v128,
): void {
  for (; times > 1; times--) {
    foldLanes(mode, target, first, count, step, lanes, divisors);
    target += <usize>floats << 2;
    first += stride;
  }
  foldLanes(mode, target, first, count, step, floats, divisors);
}

// @ts-ignore: decorator
@inline
function foldLanes(
  mode: i32, target: usize, first: usize, count: i32, step: usize, lanes: i32, divisors: v128,
): void {
  let value = least(mode, loadFirst(first, lanes));
  for (let n = 1; n < count; n++) {
    first += step;
    value = join(mode, value, loadFirst(first, lanes));
  }
  storeFirst(target, share(mode, value, divisors), lanes);
}

// @ts-ignore: decorator
@inline
export function three(mode: i32, first: usize, step: usize): v128 {
  const second: usize = first + step;
  return join(mode, join(mode, first4(mode, first), v128.load(second)), v128.load(second + step));
}

// @ts-ignore: decorator
@inline
function many(mode: i32, first: usize, count: i32, step: usize): v128 {
  let value = first4(mode, first);
  let left = count - 1;
  for (; left > 1; left -= 2) {
    const second: usize = first + step;
    first = second + step;
    value = joinTwo(mode, value, v128.load(second), v128.load(first));
  }
  return left > 0 ? join(mode, value, v128.load(first + step)) : value;
}

/** Sixteen floats of many rows: what lies side by side in the cache is read at once. */
// @ts-ignore: decorator
@inline
function manyLines(mode: i32, target: usize, first: usize, count: i32, step: usize, divisors: v128): void {
  let a = first4(mode, first), b = first4(mode, first + 16), c = first4(mode, first + 32), d = first4(mode, first + 48);
  let left = count - 1;
  for (; left > 1; left -= 2) {
    const second: usize = first + step;
    first = second + step;
    a = joinTwo(mode, a, v128.load(second), v128.load(first));
    b = joinTwo(mode, b, v128.load(second, 16), v128.load(first, 16));
    c = joinTwo(mode, c, v128.load(second, 32), v128.load(first, 32));
    d = joinTwo(mode, d, v128.load(second, 48), v128.load(first, 48));
  }
  if (left > 0) {
    const second: usize = first + step;
    a = join(mode, a, v128.load(second));
    b = join(mode, b, v128.load(second, 16));
    c = join(mode, c, v128.load(second, 32));
    d = join(mode, d, v128.load(second, 48));
  }
  put(mode, target, a, divisors);
  put(mode, target + 16, b, divisors);
  put(mode, target + 32, c, divisors);
  put(mode, target + 48, d, divisors);
}

/** Two more rows. Of two that may be NaN neither is kept from the other. */
// @ts-ignore: decorator
@inline
function joinTwo(mode: i32, value: v128, second: v128, third: v128): v128 {
  if (mode == LARGEST) return join(mode, join(mode, value, second), third);
  return join(mode, value, join(mode, second, third));
}
