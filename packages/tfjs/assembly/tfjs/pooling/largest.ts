// The largest cells of one window, read where they lie.
//
//   target[c] = max over rows and columns of first[row · i + pixel · j + c]; NaN is ignored
//
// Each cell is read once for every window that has it. Where windows overlap little, that is less than to fold rows first.

// @ts-ignore: decorator
@inline
export function largest(
  target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize, floats: i32,
): void {
  const bytes: usize = <usize>floats << 2;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) lines(target + at, first + at, rows, columns, row, pixel);
  for (; at + 16 <= bytes; at += 16) vector(target + at, first + at, rows, columns, row, pixel);
  // The last vector overlaps the one before.
  if (at < bytes) vector(target + bytes - 16, first + bytes - 16, rows, columns, row, pixel);
}

// @ts-ignore: decorator
@inline
function lines(target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize): void {
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

// @ts-ignore: decorator
@inline
function vector(target: usize, first: usize, rows: i32, columns: i32, row: usize, pixel: usize): void {
  let value = f32x4.splat(-Infinity);
  for (let i = 0; i < rows; i++, first += row) {
    let cell = first;
    for (let j = 0; j < columns; j++, cell += pixel) value = f32x4.pmax(value, v128.load(cell));
  }
  v128.store(target, value);
}
