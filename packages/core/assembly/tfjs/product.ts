// Product of two float32 matrices, and of batches of them.
//
//   c[m, n] = clamp(start + Σ_k a[m, k] · b[k, n], low, high)      start: bias[n], or c[m, n] as it was, or 0
//
// Shape: a [M, K], b [K, N] → c [M, N], any sizes from 0. Both axes of an operand have a stride, so that it may be
// transposed; rows of c are contiguous. A NaN passes the clamp.
//
// A tile of 6 × 8 sums stays in registers. b is packed into panels of 8 columns, [K, 8] each, with zeros beyond the last,
// unless a has few rows; a is read where it lies if its rows are contiguous, else packed into panels of 6 rows, [K, 6] each.
// The order of a sum depends on K alone, so that a row has the same bits alone and among others: blocks of at most 256 are summed by themselves, one after the other. That keeps
// a block of both operands in the caches, and a long sum accurate.
import { loadFirst, storeFirst } from "../step/lanes";
import { clamp } from "./clamp";
import { multiplyAdd } from "./multiply_add";

/** Rows and columns of a tile: 12 vectors of sums, 2 of b, 1 of a are the 15 registers that V8 has on x86. */
export const TILE_ROWS: i32 = 6;
export const TILE_COLUMNS: i32 = 8;
/** A panel of b is then 8 KB, one of a 6 KB: both stay in the first cache. */
export const BLOCK_INNER: i32 = 256;
/** Columns of b that are packed at a time: 256 KB, which stay in the second cache. */
const BLOCK_COLUMNS: i32 = 256;
/** Up to so many rows of a, packing b costs more than it saves. */
const FEW_ROWS: i32 = 2 * TILE_ROWS;
/** Up to so many, a tile would be empty for the most part. */
const SINGLE_ROWS: i32 = 3;

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

@unmanaged
export class Product extends Target {
  rows: i32;
  inner: i32;
  columns: i32;
  a: usize;
  aRowBytes: usize;
  aInnerBytes: usize;
  b: usize;
  bInnerBytes: usize;
  bColumnBytes: usize;
  /** Of a batch; a stride of 0 uses a matrix for all of it. */
  batch: i32;
  aBatchBytes: usize;
  bBatchBytes: usize;
  cBatchBytes: usize;
  /** Whether to add to what is in c. */
  accumulate: i32;
  /** `productScratchBytes` of it. */
  scratch: usize;
}

/** Length of the blocks that a sum of `inner` products is cut into: equal ones, but for the last. */
export function innerBlock(inner: i32): i32 {
  const blocks = max((inner + BLOCK_INNER - 1) / BLOCK_INNER, 1);
  return (inner + blocks - 1) / blocks;
}

export function productScratchBytes(inner: i32, columns: i32): usize {
  const block = max(innerBlock(inner), 1);
  return packedBytes(block, min(columns, BLOCK_COLUMNS)) + (<usize>(block * TILE_ROWS + columns + 3) << 2);
}

/** Bytes of packed columns. */
export function packedBytes(inner: i32, columns: i32): usize {
  return <usize>(((columns + TILE_COLUMNS - 1) & -TILE_COLUMNS) * inner) << 2;
}

export function product(p: Product): void {
  const block = innerBlock(p.inner);
  const few = p.bColumnBytes == 4 && p.rows <= FEW_ROWS;
  const single = few && p.rows <= SINGLE_ROWS;
  const blockColumns = single ? p.columns : BLOCK_COLUMNS;
  for (let n = 0; n < p.batch; n++) {
    const a = p.a + <usize>n * p.aBatchBytes;
    const b = p.b + <usize>n * p.bBatchBytes;
    const c = p.c + <usize>n * p.cBatchBytes;
    for (let column = 0; column < p.columns; column += blockColumns) {
      const columns = min(p.columns - column, blockColumns);
      let from = 0;
      do {
        const inner = min(p.inner - from, block);
        const left = a + <usize>from * p.aInnerBytes;
        const right = b + <usize>from * p.bInnerBytes + <usize>column * p.bColumnBytes;
        const out = c + (<usize>column << 2);
        const add = from > 0 || p.accumulate != 0, last = from + inner >= p.inner;
        if (!few) multiplyBlock(p, left, right, out, column, columns, inner, add, last);
        else if (single) multiplySingleRows(p, left, right, out, column, columns, inner, add, last);
        else multiplyFewRows(p, left, right, out, column, columns, inner, add, last);
        from += inner;
      } while (from < p.inner);
    }
  }
}

function multiplyBlock(
  p: Product, a: usize, b: usize, c: usize, column: i32, columns: i32, inner: i32, add: bool, last: bool,
): void {
  packColumns(b, p.bInnerBytes, p.bColumnBytes, inner, columns, p.scratch);
  multiplyPanels(
    p, a, p.scratch, TILE_COLUMNS * 4, <usize>(inner * TILE_COLUMNS) << 2, c, column, columns, inner, add, last,
  );
}

/** Reads b where it lies, but for the last columns. */
function multiplyFewRows(
  p: Product, a: usize, b: usize, c: usize, column: i32, columns: i32, inner: i32, add: bool, last: bool,
): void {
  const whole = columns & -TILE_COLUMNS;
  multiplyPanels(p, a, b, p.bInnerBytes, TILE_COLUMNS * 4, c, column, whole, inner, add, last);
  if (whole == columns) return;
  const at: usize = <usize>whole << 2;
  multiplyBlock(p, a, b + at, c + at, column + whole, columns - whole, inner, add, last);
}

/** All rows of a times panels of b; packs a if its rows are not contiguous. */
function multiplyPanels(
  p: Product, a: usize, b: usize, stepBytes: usize, panelBytes: usize, c: usize, column: i32, columns: i32,
  inner: i32, add: bool, last: bool,
): void {
  const packed = p.scratch + packedBytes(innerBlock(p.inner), min(p.columns, BLOCK_COLUMNS));
  for (let row = 0; row < p.rows; row += TILE_ROWS) {
    const rows = min(p.rows - row, TILE_ROWS);
    let left = a + <usize>row * p.aRowBytes;
    let rowBytes = p.aRowBytes, innerBytes = p.aInnerBytes;
    if (innerBytes != 4) {
      packRows(left, rowBytes, innerBytes, rows, inner, packed);
      left = packed;
      rowBytes = 4;
      innerBytes = TILE_ROWS * 4;
    }
    const out = c + <usize>row * p.rowBytes;
    multiplyRows(p, out, column, rows, columns, inner, left, rowBytes, innerBytes, b, stepBytes, panelBytes, add, last);
  }
}

/** Adds four rows of b at a time to a row of sums in memory: b is read once, from front to back. */
function multiplySingleRows(
  p: Product, a: usize, b: usize, c: usize, column: i32, columns: i32, inner: i32, add: bool, last: bool,
): void {
  const step = p.aInnerBytes;
  const least = f32x4.splat(last ? p.low : -Infinity), most = f32x4.splat(last ? p.high : Infinity);
  for (let row = 0; row < p.rows; row++) {
    let x = a + <usize>row * p.aRowBytes, y = b;
    memory.fill(p.scratch, 0, <usize>columns << 2);
    let k = 0;
    for (; k + 4 <= inner; k += 4) {
      addRows(4, x, step, y, p.bInnerBytes, p.scratch, columns);
      x += step * 4;
      y += p.bInnerBytes * 4;
    }
    for (; k < inner; k++) {
      addRows(1, x, step, y, p.bInnerBytes, p.scratch, columns);
      x += step;
      y += p.bInnerBytes;
    }
    const out = c + <usize>row * p.rowBytes;
    const start = add ? out : p.bias == 0 ? 0 : p.bias + (<usize>column << 2);
    for (let n = 0; n < columns; n += 4) {
      const at: usize = <usize>n << 2, left = columns - n;
      const first = start == 0 ? f32x4(0, 0, 0, 0) : loadFirst(start + at, left);
      storeFirst(out + at, clamp(f32x4.add(first, v128.load(p.scratch + at)), least, most), left);
    }
  }
}

// @ts-ignore: decorator
@inline
function addRows(count: i32, x: usize, step: usize, y: usize, rowBytes: usize, sums: usize, columns: i32): void {
  const x0 = v128.load32_splat(x);
  const x1 = count > 1 ? v128.load32_splat(x + step) : x0;
  const x2 = count > 1 ? v128.load32_splat(x + step * 2) : x0;
  const x3 = count > 1 ? v128.load32_splat(x + step * 3) : x0;
  const y1 = y + rowBytes, y2 = y1 + rowBytes, y3 = y2 + rowBytes;
  const whole: usize = <usize>(columns & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    let sum = multiplyAdd(x0, v128.load(y + at), v128.load(sums + at));
    if (count > 1) {
      sum = multiplyAdd(x1, v128.load(y1 + at), sum);
      sum = multiplyAdd(x2, v128.load(y2 + at), sum);
      sum = multiplyAdd(x3, v128.load(y3 + at), sum);
    }
    v128.store(sums + at, sum);
  }
  const left = columns & 3;
  if (left == 0) return;
  let sum = multiplyAdd(x0, loadFirst(y + whole, left), v128.load(sums + whole));
  if (count > 1) {
    sum = multiplyAdd(x1, loadFirst(y1 + whole, left), sum);
    sum = multiplyAdd(x2, loadFirst(y2 + whole, left), sum);
    sum = multiplyAdd(x3, loadFirst(y3 + whole, left), sum);
  }
  v128.store(sums + whole, sum);
}

/** Packs a block of b into panels of TILE_COLUMNS columns, zeros beyond the last. */
export function packColumns(
  b: usize, innerBytes: usize, columnBytes: usize, inner: i32, columns: i32, packed: usize,
): void {
  const whole = columns & -TILE_COLUMNS;
  if (columnBytes == 4) {
    for (let n = 0; n < whole; n += TILE_COLUMNS) {
      let from: usize = b + (<usize>n << 2);
      for (let k = 0; k < inner; k++) {
        v128.store(packed, v128.load(from), 0);
        v128.store(packed, v128.load(from, 16), 16);
        from += innerBytes;
        packed += TILE_COLUMNS * 4;
      }
    }
    const left = columns - whole;
    if (left == 0) return;
    let from: usize = b + (<usize>whole << 2);
    for (let k = 0; k < inner; k++) {
      v128.store(packed, loadFirst(from, left), 0);
      v128.store(packed, loadFirst(from + 16, left - 4), 16);
      from += innerBytes;
      packed += TILE_COLUMNS * 4;
    }
    return;
  }
  for (let n = 0; n < columns; n += 4) {
    packFour(b + <usize>n * columnBytes, columnBytes, innerBytes, min(columns - n, 4), inner, packed, TILE_COLUMNS * 4);
    packed += n & 4 ? <usize>((inner * TILE_COLUMNS) << 2) - 16 : 16;
  }
  if (columns & 7 && (columns & 7) <= 4) fillFour(packed, inner);
}

/** Zeros for the second half of a panel's rows. */
function fillFour(packed: usize, inner: i32): void {
  for (let k = 0; k < inner; k++) {
    v128.store(packed, f32x4(0, 0, 0, 0));
    packed += TILE_COLUMNS * 4;
  }
}

/** Packs up to TILE_ROWS rows of a into a panel; what lies beyond the last row stays undefined. */
export function packRows(
  a: usize, rowBytes: usize, innerBytes: usize, rows: i32, inner: i32, packed: usize,
): void {
  if (rowBytes == 4) {
    for (let k = 0; k < inner; k++) {
      v128.store(packed, loadFirst(a, rows));
      storeFirst(packed + 16, loadFirst(a + 16, rows - 4), 2);
      a += innerBytes;
      packed += TILE_ROWS * 4;
    }
    return;
  }
  for (let k = 0; k < inner; k++) {
    for (let m = 0; m < rows; m++) store<f32>(packed + (<usize>m << 2), load<f32>(a + <usize>m * rowBytes));
    a += innerBytes;
    packed += TILE_ROWS * 4;
  }
}

/** Transposes up to four lines, whose numbers are `itemBytes` apart, into four neighbouring floats of each row. */
function packFour(
  from: usize, lineBytes: usize, itemBytes: usize, lines: i32, count: i32, packed: usize, packedBytes: usize,
): void {
  // Lines beyond the last repeat it.
  const p1 = from + lineBytes * min(1, lines - 1), p2 = from + lineBytes * min(2, lines - 1);
  const p3 = from + lineBytes * min(3, lines - 1);
  let k = 0;
  let at: usize = 0;
  if (itemBytes == 4) {
    for (; k + 4 <= count; k += 4) {
      const r0 = v128.load(from + at), r1 = v128.load(p1 + at), r2 = v128.load(p2 + at), r3 = v128.load(p3 + at);
      const l01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), h01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const l23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), h23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(packed, v128.shuffle<f32>(l01, l23, 0, 1, 4, 5));
      v128.store(packed + packedBytes, v128.shuffle<f32>(l01, l23, 2, 3, 6, 7));
      v128.store(packed + packedBytes * 2, v128.shuffle<f32>(h01, h23, 0, 1, 4, 5));
      v128.store(packed + packedBytes * 3, v128.shuffle<f32>(h01, h23, 2, 3, 6, 7));
      packed += packedBytes * 4;
      at += 16;
    }
  }
  for (; k < count; k++) {
    store<f32>(packed, load<f32>(from + at), 0);
    store<f32>(packed, load<f32>(p1 + at), 4);
    store<f32>(packed, load<f32>(p2 + at), 8);
    store<f32>(packed, load<f32>(p3 + at), 12);
    packed += packedBytes;
    at += itemBytes;
  }
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
