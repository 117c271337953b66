// Product of two float32 matrices, and of batches of them.
//
//   c[m, n] = clamp(start + Σ_k a[m, k] · b[k, n], low, high)      start: bias[n], or c[m, n] as it was, or 0
//
// Shape: a [M, K], b [K, N] → c [M, N], any sizes from 0. Both axes of an operand have a stride, so that it may be
// transposed; rows of c are contiguous. A NaN passes the clamp.
//
// A tile of 6 × 8 sums stays in registers. b is packed into panels of 8 columns, [K, 8] each, with zeros beyond the last,
// unless a has few rows; a is read where it lies if its rows are contiguous, else packed into panels of 6 rows, [K, 6] each.
// The order of a sum depends on K alone, so that a row has the same bits alone and among others: blocks of at most 256 are
// summed by themselves, one after the other. That keeps a block of both operands in the caches, and a long sum accurate.
import { Product } from "./operands";
import { packColumns, packRows } from "./pack";
import { multiplySingleRows } from "./single_rows";
import { multiplyRows, TILE_COLUMNS, TILE_ROWS } from "./tile";

/** A panel of b is then 8 KB, one of a 6 KB: both stay in the first cache. */
const BLOCK_INNER: i32 = 256;
/** Columns of b that are packed at a time: 256 KB, which stay in the second cache. */
const BLOCK_COLUMNS: i32 = 256;
/** Up to so many rows of a, packing b costs more than it saves. */
const FEW_ROWS: i32 = 2 * TILE_ROWS;
/** Up to so many, a tile would be empty for the most part. */
const SINGLE_ROWS: i32 = 3;

/** Length of the blocks that a sum of `inner` products is cut into: equal ones, but for the last. */
function innerBlock(inner: i32): i32 {
  const blocks = max((inner + BLOCK_INNER - 1) / BLOCK_INNER, 1);
  return (inner + blocks - 1) / blocks;
}

export function productScratchBytes(inner: i32, columns: i32): usize {
  const block = max(innerBlock(inner), 1);
  return packedBytes(block, min(columns, BLOCK_COLUMNS)) + (<usize>(block * TILE_ROWS + columns + 3) << 2);
}

/** Bytes of packed columns. */
function packedBytes(inner: i32, columns: i32): usize {
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
