// A tile of a product: 6 × 8 sums that stay in registers.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";
import { clamp } from "../clamp";
import { multiplyAdd } from "../multiply_add";

/** Rows and columns of a tile: 12 vectors of sums, 2 of b, 1 of a are the 15 registers that V8 has on x86. */
export const TILE_ROWS: i32 = 6;
export const TILE_COLUMNS: i32 = 8;

/** Where sums go, and what becomes of them. */
@unmanaged
export class Target {
  c: usize;
  rowBytes: usize;
  /** One number a column; 0 for none. */
  bias: usize;
  low: f32;
  high: f32;
}

/**
 * Up to TILE_ROWS rows of a times panels of b: the sums of `inner` products go to `c`.
 *
 * @param column the first one's place in the bias
 * @param rowBytes distance of a's rows, `innerBytes` of the neighbours in a row
 * @param stepBytes distance of the rows in a panel of b, `panelBytes` of panels; of packed ones 32, and 32 * inner
 * @param add adds to what is in c, instead of the bias
 * @param last clamps
 */
export function multiplyRows(
  target: Target, c: usize, column: i32, rows: i32, columns: i32, inner: i32, a: usize, rowBytes: usize,
  innerBytes: usize, b: usize, stepBytes: usize, panelBytes: usize, add: bool, last: bool,
): void {
  const low = last ? target.low : -Infinity, high = last ? target.high : Infinity;
  const cRowBytes = target.rowBytes;
  let bias: usize = target.bias == 0 || add ? 0 : target.bias + (<usize>column << 2);
  for (let n = 0; n < columns; n += TILE_COLUMNS) {
    const left = columns - n;
    if (rows == TILE_ROWS && left >= TILE_COLUMNS) {
      tile(true, rows, left, inner, a, rowBytes, innerBytes, b, stepBytes, c, cRowBytes, bias, add, low, high);
    } else {
      tile(false, rows, left, inner, a, rowBytes, innerBytes, b, stepBytes, c, cRowBytes, bias, add, low, high);
    }
    b += panelBytes;
    c += TILE_COLUMNS * 4;
    if (bias != 0) bias += TILE_COLUMNS * 4;
  }
}

// @ts-ignore: decorator
@inline
function tile(
  whole: bool, rows: i32, columns: i32, inner: i32, a: usize, rowBytes: usize, innerBytes: usize, b: usize,
  stepBytes: usize, c: usize, cRowBytes: usize, bias: usize, add: bool, low: f32, high: f32,
): void {
  // Rows beyond the last repeat it, and are not stored.
  let a0 = a;
  let a1 = whole ? a + rowBytes : a + rowBytes * min(1, rows - 1);
  let a2 = whole ? a1 + rowBytes : a + rowBytes * min(2, rows - 1);
  let a3 = whole ? a2 + rowBytes : a + rowBytes * min(3, rows - 1);
  let a4 = whole ? a3 + rowBytes : a + rowBytes * min(4, rows - 1);
  let a5 = whole ? a4 + rowBytes : a + rowBytes * min(5, rows - 1);
  const zero = f32x4(0, 0, 0, 0);
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
  let s30 = zero, s31 = zero, s40 = zero, s41 = zero, s50 = zero, s51 = zero;
  for (let k = inner; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    x = v128.load32_splat(a4);
    s40 = multiplyAdd(x, b0, s40);
    s41 = multiplyAdd(x, b1, s41);
    x = v128.load32_splat(a5);
    s50 = multiplyAdd(x, b0, s50);
    s51 = multiplyAdd(x, b1, s51);
    b += stepBytes;
    a0 += innerBytes;
    a1 += innerBytes;
    a2 += innerBytes;
    a3 += innerBytes;
    a4 += innerBytes;
    a5 += innerBytes;
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  const start0 = bias == 0 ? zero : whole ? v128.load(bias) : loadFirst(bias, columns);
  const start1 = bias == 0 ? zero : whole ? v128.load(bias, 16) : loadFirst(bias + 16, columns - 4);
  finish(whole, columns, c, s00, s01, start0, start1, add, least, most);
  if (whole || rows > 1) finish(whole, columns, c += cRowBytes, s10, s11, start0, start1, add, least, most);
  if (whole || rows > 2) finish(whole, columns, c += cRowBytes, s20, s21, start0, start1, add, least, most);
  if (whole || rows > 3) finish(whole, columns, c += cRowBytes, s30, s31, start0, start1, add, least, most);
  if (whole || rows > 4) finish(whole, columns, c += cRowBytes, s40, s41, start0, start1, add, least, most);
  if (whole || rows > 5) finish(whole, columns, c += cRowBytes, s50, s51, start0, start1, add, least, most);
}

// @ts-ignore: decorator
@inline
function finish(
  whole: bool, columns: i32, c: usize, sum0: v128, sum1: v128, start0: v128, start1: v128, add: bool, low: v128,
  high: v128,
): void {
  if (add) {
    start0 = whole ? v128.load(c) : loadFirst(c, columns);
    start1 = whole ? v128.load(c, 16) : loadFirst(c + 16, columns - 4);
  }
  sum0 = clamp(f32x4.add(start0, sum0), low, high);
  sum1 = clamp(f32x4.add(start1, sum1), low, high);
  if (whole) {
    v128.store(c, sum0);
    v128.store(c, sum1, 16);
  } else {
    storeFirst(c, sum0, columns);
    storeFirst(c + 16, sum1, columns - 4);
  }
}
