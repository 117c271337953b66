// Windows of a pool, read where they lie.
//
//   target[c] = first[c] ∘ first[row · i + pixel · j + c] ∘ ...     over a window's rows i and columns j
//
// Each cell is read once for every window that has it. Where windows overlap little, that is less than to fold rows first.
import { first4, join, LARGEST, share, three } from "./fold";

/**
 * `times` windows, `stride` bytes apart in what is read, of at least four channels. In the order of `fold` for up to three rows
 * and columns; the order of a maximum does not matter.
 */
// @ts-ignore: decorator
@inline
export function foldWindows(
  mode: i32, target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize, times: i32, stride: usize,
  divisor: f32,
): void {
  const divisors = f32x4.splat(divisor);
  for (; times > 0; times--) {
    if (rows == 3 && columns == 3) nine(mode, target, first, row, pixel, divisors);
    else any(mode, target, first, rows, columns, row, pixel, divisors);
    target += pixel;
    first += stride;
  }
}

/** A window of 3 × 3: what lies side by side in the cache is read at once. */
// @ts-ignore: decorator
@inline
function nine(mode: i32, target: usize, first: usize, row: usize, pixel: usize, divisors: v128): void {
  let at: usize = 0;
  for (; at + 64 <= pixel; at += 64) {
    const a = first + at, b = a + pixel, c = b + pixel;
    const to = target + at;
    v128.store(to, share(mode, columnsOfThree(mode, a, b, c, row, 0), divisors));
    v128.store(to, share(mode, columnsOfThree(mode, a, b, c, row, 16), divisors), 16);
    v128.store(to, share(mode, columnsOfThree(mode, a, b, c, row, 32), divisors), 32);
    v128.store(to, share(mode, columnsOfThree(mode, a, b, c, row, 48), divisors), 48);
  }
  while (at < pixel) {
    // The last vector overlaps the one before where a pixel is no whole number of vectors.
    at = min(at, pixel - 16);
    const a = first + at, b = a + pixel, c = b + pixel;
    v128.store(target + at, share(mode, columnsOfThree(mode, a, b, c, row, 0), divisors));
    at += 16;
  }
}

// @ts-ignore: decorator
@inline
function columnsOfThree(mode: i32, a: usize, b: usize, c: usize, row: usize, offset: usize): v128 {
  return join(mode, join(mode, three(mode, a + offset, row), three(mode, b + offset, row)), three(mode, c + offset, row));
}

// @ts-ignore: decorator
@inline
function any(
  mode: i32, target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize, divisors: v128,
): void {
  let at: usize = 0;
  if (mode == LARGEST) {
    for (; at + 64 <= pixel; at += 64) largestLines(target + at, first + at, rows, columns, row, pixel);
  }
  while (at < pixel) {
    at = min(at, pixel - 16);
    v128.store(target + at, share(mode, cells(mode, first + at, rows, columns, row, pixel), divisors));
    at += 16;
  }
}

// @ts-ignore: decorator
@inline
function cells(mode: i32, first: usize, rows: i32, columns: i32, row: usize, pixel: usize): v128 {
  let value = column(mode, first, rows, row);
  for (let j = 1; j < columns; j++) {
    first += pixel;
    value = join(mode, value, column(mode, first, rows, row));
  }
  return value;
}

// @ts-ignore: decorator
@inline
function column(mode: i32, first: usize, rows: i32, row: usize): v128 {
  let value = first4(mode, first);
  for (let i = 1; i < rows; i++) {
    first += row;
    value = join(mode, value, v128.load(first));
  }
  return value;
}

// @ts-ignore: decorator
@inline
function largestLines(target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize): void {
  const least = f32x4.splat(-Infinity);
  let a = least, b = least, c = least, d = least;
  for (let i = 0; i < rows; i++, first += row) {
    let cell = first;
    for (let j = 0; j < columns; j++, cell += pixel) {
      a = f32x4.pmax(a, v128.load(cell));
      b = f32x4.pmax(b, v128.load(cell, 16));
      c = f32x4.pmax(c, v128.load(cell, 32));
      d = f32x4.pmax(d, v128.load(cell, 48));
    }
  }
  v128.store(target, a);
  v128.store(target, b, 16);
  v128.store(target, c, 32);
  v128.store(target, d, 48);
}
