// Gradient of a convolution with respect to its filter.
//
//   dw[i, k] += Σ_window source[window + offset(i)] · dy[window, k]
//
// Here each run of `Windows` is one float: a row of dw. A block of 4 rows by 8 channels is summed in registers, over a
// limited number of windows: in one float32 sum over all pixels of a batch a digit or two would be lost.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";
import { multiplyAdd } from "../multiply_add";
import { Windows } from "./windows";

/** Windows that are summed apart from the others. */
const windowsAtOnce = 128;

export function filterGradient(info: Windows, images: i32, source: usize, dy: usize, dw: usize): void {
  const rows = info.runs, channels = info.channels, windows = info.depth * info.height * info.width;
  const rowBytes: usize = <usize>channels << 2;
  for (let n = 0; n < images; n += info.images) {
    const count = min(info.images, images - n) * windows;
    const from = source + <usize>n * <usize>info.sourceImage, gradient = dy + <usize>n * <usize>info.targetImage;
    for (let first = 0; first < count; first += windowsAtOnce) {
      const table = info.table + (<usize>first << 3), end = table + (<usize>min(windowsAtOnce, count - first) << 3);
      for (let k = 0; k < channels; k += 8) {
        const left = channels - k;
        for (let i = 0; i < rows; i += 4) {
          // Rows beyond the last repeat it.
          const offset = info.offsets + (<usize>i << 2), last: usize = <usize>min(3, rows - i - 1);
          const s0 = from + load<u32>(offset), s1 = from + load<u32>(offset + (min<usize>(1, last) << 2));
          const s2 = from + load<u32>(offset + (min<usize>(2, last) << 2)), s3 = from + load<u32>(offset + (last << 2));
          const t0 = dw + <usize>i * rowBytes + (<usize>k << 2), t1 = t0 + rowBytes * min<usize>(1, last);
          const t2 = t0 + rowBytes * min<usize>(2, last), t3 = t0 + rowBytes * last;
          const g = gradient + (<usize>k << 2);
          if (left >= 8) eight(table, end, s0, s1, s2, s3, g, t0, t1, t2, t3, left, true);
          else if (left > 4) eight(table, end, s0, s1, s2, s3, g, t0, t1, t2, t3, left, false);
          else if (left == 4) four(table, end, s0, s1, s2, s3, g, t0, t1, t2, t3, left, true);
          else four(table, end, s0, s1, s2, s3, g, t0, t1, t2, t3, left, false);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function eight(
  entry: usize, end: usize, s0: usize, s1: usize, s2: usize, s3: usize, dy: usize,
  t0: usize, t1: usize, t2: usize, t3: usize, left: i32, whole: bool,
): void {
  let a0 = f32x4(0, 0, 0, 0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (; entry < end; entry += 8) {
    const at: usize = load<u32>(entry), g = dy + load<u32>(entry, 4);
    const u = v128.load(g), v = whole ? v128.load(g, 16) : loadFirst(g + 16, left - 4);
    let x = v128.load32_splat(s0 + at);
    a0 = multiplyAdd(x, u, a0);
    b0 = multiplyAdd(x, v, b0);
    x = v128.load32_splat(s1 + at);
    a1 = multiplyAdd(x, u, a1);
    b1 = multiplyAdd(x, v, b1);
    x = v128.load32_splat(s2 + at);
    a2 = multiplyAdd(x, u, a2);
    b2 = multiplyAdd(x, v, b2);
    x = v128.load32_splat(s3 + at);
    a3 = multiplyAdd(x, u, a3);
    b3 = multiplyAdd(x, v, b3);
  }
  // From the last row up: where rows repeat, the first of them is stored last, and has not been added to yet.
  const c0 = f32x4.add(v128.load(t0), a0), c1 = f32x4.add(v128.load(t1), a1);
  const c2 = f32x4.add(v128.load(t2), a2), c3 = f32x4.add(v128.load(t3), a3);
  const d0 = f32x4.add(loadFirst(t0 + 16, left - 4), b0), d1 = f32x4.add(loadFirst(t1 + 16, left - 4), b1);
  const d2 = f32x4.add(loadFirst(t2 + 16, left - 4), b2), d3 = f32x4.add(loadFirst(t3 + 16, left - 4), b3);
  v128.store(t3, c3);
  storeFirst(t3 + 16, d3, left - 4);
  v128.store(t2, c2);
  storeFirst(t2 + 16, d2, left - 4);
  v128.store(t1, c1);
  storeFirst(t1 + 16, d1, left - 4);
  v128.store(t0, c0);
  storeFirst(t0 + 16, d0, left - 4);
}

// @ts-ignore: decorator
@inline
function four(
  entry: usize, end: usize, s0: usize, s1: usize, s2: usize, s3: usize, dy: usize,
  t0: usize, t1: usize, t2: usize, t3: usize, left: i32, whole: bool,
): void {
  let a0 = f32x4(0, 0, 0, 0), a1 = a0, a2 = a0, a3 = a0;
  for (; entry < end; entry += 8) {
    const at: usize = load<u32>(entry), g = dy + load<u32>(entry, 4);
    const u = whole ? v128.load(g) : loadFirst(g, left);
    a0 = multiplyAdd(v128.load32_splat(s0 + at), u, a0);
    a1 = multiplyAdd(v128.load32_splat(s1 + at), u, a1);
    a2 = multiplyAdd(v128.load32_splat(s2 + at), u, a2);
    a3 = multiplyAdd(v128.load32_splat(s3 + at), u, a3);
  }
  const c0 = f32x4.add(loadFirst(t0, left), a0), c1 = f32x4.add(loadFirst(t1, left), a1);
  const c2 = f32x4.add(loadFirst(t2, left), a2), c3 = f32x4.add(loadFirst(t3, left), a3);
  storeFirst(t3, c3, left);
  storeFirst(t2, c2, left);
  storeFirst(t1, c1, left);
  storeFirst(t0, c0, left);
}
