// Convolution over windows of any shape.
//
//   target[window, k] = clamp(bias[k] + Σ_{i, j} source[window + offset(i) + j] · weights[i, j, k])
//
// Weights in panels of 8 channels and of 4 for the rest, as `packPanels` lays them out. Four windows by 8 channels are
// summed in registers, each sum in the order of the window.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";
import { clamp } from "../clamp";
import { multiplyAdd } from "../multiply_add";
import { Windows } from "./windows";

/** Panels that are worked on together should fill half of the first-level cache, which is 32 KiB and up. */
const groupBytes = 16 * 1024;

/** @param bias address, or 0 for none */
export function convolve(
  info: Windows, images: i32, source: usize, weights: usize, bias: usize, low: f32, high: f32, target: usize,
): void {
  const channels = info.channels, windows = info.depth * info.height * info.width;
  const rowBytes: usize = <usize>(info.runs * info.run) << 2;
  const group = max(1, groupBytes / max(1, <i32>rowBytes << 3)) << 3;
  for (let n = 0; n < images; n += info.images) {
    const count = min(info.images, images - n) * windows;
    const from = source + <usize>n * <usize>info.sourceImage, to = target + <usize>n * <usize>info.targetImage;
    for (let k = 0; k < channels; k += group) {
      const end = min(k + group, channels);
      for (let i = 0; i < count; i += 4) {
        // Windows beyond the last repeat it.
        const last = count - 1;
        const e0 = info.table + (<usize>i << 3), e1 = info.table + (<usize>min(i + 1, last) << 3);
        const e2 = info.table + (<usize>min(i + 2, last) << 3), e3 = info.table + (<usize>min(i + 3, last) << 3);
        const s0 = from + load<u32>(e0), s1 = from + load<u32>(e1);
        const s2 = from + load<u32>(e2), s3 = from + load<u32>(e3);
        const t0 = to + load<u32>(e0, 4), t1 = to + load<u32>(e1, 4);
        const t2 = to + load<u32>(e2, 4), t3 = to + load<u32>(e3, 4);
        let panel = weights + <usize>k * rowBytes;
        for (let j = k; j < end; j += 8) {
          const at: usize = <usize>j << 2, left = channels - j;
          const own = bias != 0 ? bias + at : 0;
          if (left > 4) eight(info, s0, s1, s2, s3, panel, own, low, high, t0 + at, t1 + at, t2 + at, t3 + at, left);
          else four(info, s0, s1, s2, s3, panel, own, low, high, t0 + at, t1 + at, t2 + at, t3 + at, left);
          panel += rowBytes << 3;
        }
      }
    }
  }
}

// Two functions: of one that is told how wide the panel is, the compiler joins the loops, and each round chooses again.

// @ts-ignore: decorator
@inline
function eight(
  info: Windows, s0: usize, s1: usize, s2: usize, s3: usize, w: usize, bias: usize, low: f32, high: f32,
  t0: usize, t1: usize, t2: usize, t3: usize, left: i32,
): void {
  let a0 = bias != 0 ? loadFirst(bias, left) : f32x4(0, 0, 0, 0);
  let b0 = bias != 0 ? loadFirst(bias + 16, left - 4) : f32x4(0, 0, 0, 0);
  let a1 = a0, a2 = a0, a3 = a0, b1 = b0, b2 = b0, b3 = b0;
  const bytes: usize = <usize>info.run << 2;
  let offset = info.offsets;
  for (const end = offset + (<usize>info.runs << 2); offset < end; offset += 4) {
    const by: usize = load<u32>(offset);
    let p0 = s0 + by, p1 = s1 + by, p2 = s2 + by, p3 = s3 + by;
    for (const stop = p0 + bytes; p0 < stop; ) {
      const u = v128.load(w), v = v128.load(w, 16);
      let x = v128.load32_splat(p0);
      a0 = multiplyAdd(x, u, a0);
      b0 = multiplyAdd(x, v, b0);
      x = v128.load32_splat(p1);
      a1 = multiplyAdd(x, u, a1);
      b1 = multiplyAdd(x, v, b1);
      x = v128.load32_splat(p2);
      a2 = multiplyAdd(x, u, a2);
      b2 = multiplyAdd(x, v, b2);
      x = v128.load32_splat(p3);
      a3 = multiplyAdd(x, u, a3);
      b3 = multiplyAdd(x, v, b3);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      w += 32;
    }
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  a0 = clamp(a0, least, most);
  a1 = clamp(a1, least, most);
  a2 = clamp(a2, least, most);
  a3 = clamp(a3, least, most);
  b0 = clamp(b0, least, most);
  b1 = clamp(b1, least, most);
  b2 = clamp(b2, least, most);
  b3 = clamp(b3, least, most);
  v128.store(t0, a0);
  v128.store(t1, a1);
  v128.store(t2, a2);
  v128.store(t3, a3);
  storeFirst(t0 + 16, b0, left - 4);
  storeFirst(t1 + 16, b1, left - 4);
  storeFirst(t2 + 16, b2, left - 4);
  storeFirst(t3 + 16, b3, left - 4);
}

// @ts-ignore: decorator
@inline
function four(
  info: Windows, s0: usize, s1: usize, s2: usize, s3: usize, w: usize, bias: usize, low: f32, high: f32,
  t0: usize, t1: usize, t2: usize, t3: usize, left: i32,
): void {
  let a0 = bias != 0 ? loadFirst(bias, left) : f32x4(0, 0, 0, 0);
  let a1 = a0, a2 = a0, a3 = a0;
  const bytes: usize = <usize>info.run << 2;
  let offset = info.offsets;
  for (const end = offset + (<usize>info.runs << 2); offset < end; offset += 4) {
    const by: usize = load<u32>(offset);
    let p0 = s0 + by, p1 = s1 + by, p2 = s2 + by, p3 = s3 + by;
    for (const stop = p0 + bytes; p0 < stop; ) {
      const u = v128.load(w);
      a0 = multiplyAdd(v128.load32_splat(p0), u, a0);
      a1 = multiplyAdd(v128.load32_splat(p1), u, a1);
      a2 = multiplyAdd(v128.load32_splat(p2), u, a2);
      a3 = multiplyAdd(v128.load32_splat(p3), u, a3);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      w += 16;
    }
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  a0 = clamp(a0, least, most);
  a1 = clamp(a1, least, most);
  a2 = clamp(a2, least, most);
  a3 = clamp(a3, least, most);
  storeFirst(t0, a0, left);
  storeFirst(t1, a1, left);
  storeFirst(t2, a2, left);
  storeFirst(t3, a3, left);
}
