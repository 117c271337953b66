// y[o, i] = Σ_n x[o, n, i]
//
// Shape: x [outer, count, inner] → y [outer, inner]. Blocks are summed by themselves, and then added up: one float32 sum
// over all pixels of a batch would lose a digit or two. The order depends on count and inner alone.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

/** Numbers of a block, which stays in the first cache, and the rows that it has at least and at most. */
const BLOCK: i32 = 8192;
const LEAST_ROWS: i32 = 8;
const MOST_ROWS: i32 = 128;

export function sum(x: usize, y: usize, outer: i32, count: i32, inner: i32): void {
  if (inner == 0) return;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(y, sumRow(x, count));
    else sumColumns(x, y, count, inner);
    x += <usize>(count * inner) << 2;
    y += <usize>inner << 2;
  }
}

function sumRow(x: usize, count: i32): f32 {
  let total: f32 = 0;
  for (let from = 0; from < count; from += BLOCK) {
    const left = min(count - from, BLOCK);
    const whole: usize = x + (<usize>(left & ~15) << 2);
    let s0 = f32x4(0, 0, 0, 0), s1 = s0, s2 = s0, s3 = s0;
    for (; x < whole; x += 64) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
    }
    let rest = left & 15;
    for (; rest >= 4; rest -= 4) {
      s0 = f32x4.add(s0, v128.load(x));
      x += 16;
    }
    if (rest > 0) s1 = f32x4.add(s1, loadFirst(x, rest));
    x += <usize>rest << 2;
    s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    total += f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 2)
      + (f32x4.extract_lane(s0, 1) + f32x4.extract_lane(s0, 3));
  }
  return total;
}

function sumColumns(x: usize, y: usize, count: i32, inner: i32): void {
  const rowBytes: usize = <usize>inner << 2;
  const block = max(min(BLOCK / inner, MOST_ROWS), LEAST_ROWS);
  memory.fill(y, 0, rowBytes);
  for (let from = 0; from < count; from += block) {
    const rows = min(count - from, block);
    let n = 0;
    for (; n + 8 <= inner; n += 8) addColumns(true, x + (<usize>n << 2), y + (<usize>n << 2), rows, rowBytes, 8);
    for (; n < inner; n += 4) addColumns(false, x + (<usize>n << 2), y + (<usize>n << 2), rows, rowBytes, inner - n);
    x += <usize>rows * rowBytes;
  }
}

/** Adds the sums of eight columns, or of up to four, to y. Even and odd rows are summed apart, which does not wait. */
// @ts-ignore: decorator
@inline
function addColumns(eight: bool, x: usize, y: usize, rows: i32, rowBytes: usize, columns: i32): void {
  let even0 = f32x4(0, 0, 0, 0), even1 = even0, odd0 = even0, odd1 = even0;
  for (; rows >= 2; rows -= 2) {
    const next = x + rowBytes;
    if (eight) {
      even0 = f32x4.add(even0, v128.load(x));
      even1 = f32x4.add(even1, v128.load(x, 16));
      odd0 = f32x4.add(odd0, v128.load(next));
      odd1 = f32x4.add(odd1, v128.load(next, 16));
    } else {
      even0 = f32x4.add(even0, loadFirst(x, columns));
      odd0 = f32x4.add(odd0, loadFirst(next, columns));
    }
    x = next + rowBytes;
  }
  if (rows > 0) {
    even0 = f32x4.add(even0, eight ? v128.load(x) : loadFirst(x, columns));
    if (eight) even1 = f32x4.add(even1, v128.load(x, 16));
  }
  storeFirst(y, f32x4.add(loadFirst(y, columns), f32x4.add(even0, odd0)), columns);
  if (eight) v128.store(y, f32x4.add(v128.load(y, 16), f32x4.add(even1, odd1)), 16);
}
