// A product of so few rows that a tile would be empty for the most part.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";
import { clamp } from "../clamp";
import { multiplyAdd } from "../multiply_add";
import { Product } from "./operands";

/** Adds four rows of b at a time to a row of sums in memory: b is read once, from front to back. */
export function multiplySingleRows(
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
