// One window of a pool, read where it lies.
//
//   target[c] = first[c] ∘ first[row · i + pixel · j + c] ∘ ...     over its rows i and columns j
//
// Each cell is read once for every window that has it. Where windows overlap little, that is less than to fold rows first.
import { first4, join, LARGEST, share, three } from "./fold";

/** In the order of `fold`, for up to three rows and columns; the order of a maximum does not matter. */
// @ts-ignore: decorator
@inline
export function foldWindow(
  mode: i32, target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize, floats: i32, divisor: f32,
): void {
  const last: usize = (<usize>floats << 2) - 16;
  const divisors = f32x4.splat(divisor);
  let at: usize = 0;
  if (mode == LARGEST) {
    for (; at < last - 32; at += 64) largestLines(target + at, first + at, rows, columns, row, pixel);
  }
  if (rows == 3 && columns == 3) {
    for (; at < last; at += 16) v128.store(target + at, share(mode, nine(mode, first + at, row, pixel), divisors));
    // The last vector overlaps the one before where a pixel is no whole number of vectors.
    if (at < last + 16) v128.store(target + last, share(mode, nine(mode, first + last, row, pixel), divisors));
    return;
  }
  for (; at < last; at += 16) v128.store(target + at, share(mode, cells(mode, first + at, rows, columns, row, pixel), divisors));
  if (at < last + 16) v128.store(target + last, share(mode, cells(mode, first + last, rows, columns, row, pixel), divisors));
}

// @ts-ignore: decorator
@inline
function nine(mode: i32, first: usize, row: usize, pixel: usize): v128 {
  const second = first + pixel, third = second + pixel;
  return join(mode, join(mode, three(mode, first, row), three(mode, second, row)), three(mode, third, row));
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

/** Sixteen channels: what lies side by side in the cache is read at once. */
// @ts-ignore: decorator
@inline
function largestLines(target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize): void {
  const least = f32x4.splat(-Infinity);
  let a = least, b = least, c = least, d = least;
  for (let i = 0; i < rows; i++, first += row) {
    let cell = first;
    if (columns == 3) {
      const second = first + pixel, third = second + pixel;
      a = f32x4.pmax(f32x4.pmax(f32x4.pmax(a, v128.load(first)), v128.load(second)), v128.load(third));
      b = f32x4.pmax(f32x4.pmax(f32x4.pmax(b, v128.load(first, 16)), v128.load(second, 16)), v128.load(third, 16));
      c = f32x4.pmax(f32x4.pmax(f32x4.pmax(c, v128.load(first, 32)), v128.load(second, 32)), v128.load(third, 32));
      d = f32x4.pmax(f32x4.pmax(f32x4.pmax(d, v128.load(first, 48)), v128.load(second, 48)), v128.load(third, 48));
      continue;
    }
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
