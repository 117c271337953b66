// Panels of a product's operands, whose floats lie in the order in which a tile reads them.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";
import { TILE_COLUMNS, TILE_ROWS } from "./tile";

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
