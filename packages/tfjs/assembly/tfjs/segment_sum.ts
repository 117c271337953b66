// Sum of the rows that carry the same number.
//
//   y[s, i] = Σ_{n: segments[n] = s} x[n, i]
//
// Shape: x [rows, inner], segments [rows] int32 → y [count, inner], which must be zero. Rows whose number is negative or
// count or more are left out. Rows are added in their order.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

export function segmentSum(x: usize, segments: usize, y: usize, rows: i32, inner: i32, count: i32): void {
  const bytes: usize = <usize>inner << 2;
  for (let n = 0; n < rows; n++, x += bytes) {
    const segment = load<i32>(segments + (<usize>n << 2));
    if (<u32>segment >= <u32>count) continue;
    const sum: usize = y + <usize>segment * bytes;
    for (let i = 0; i < inner; i += 4) {
      const at: usize = <usize>i << 2, left = inner - i;
      storeFirst(sum + at, f32x4.add(loadFirst(sum + at, left), loadFirst(x + at, left)), left);
    }
  }
}

export function segmentSumOfIntegers(x: usize, segments: usize, y: usize, rows: i32, inner: i32, count: i32): void {
  const bytes: usize = <usize>inner << 2;
  for (let n = 0; n < rows; n++, x += bytes) {
    const segment = load<i32>(segments + (<usize>n << 2));
    if (<u32>segment >= <u32>count) continue;
    const sum: usize = y + <usize>segment * bytes;
    for (let at: usize = 0; at < bytes; at += 4) store<i32>(sum + at, load<i32>(sum + at) + load<i32>(x + at));
  }
}
