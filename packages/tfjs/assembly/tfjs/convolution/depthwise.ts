// Convolution of each channel by a filter of its own, and the gradient of the filters, over windows of any shape.
//
//   target[window, c] = clamp(bias[c] + Σ_i source[window + offset(i), c] · weights[i, c])
//   dw[i, c]         += Σ_window source[window + offset(i), c] · dy[window, c]
//
// A run of `Windows` is one pixel, and behind their offsets stands which tap of the filter each run is. Weights have rows of
// whole vectors: [taps, channels rounded up to 4]; so has dw, of all runs.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";
import { clamp } from "../clamp";
import { multiplyAdd } from "../multiply_add";
import { Windows } from "./windows";

/** Windows that are summed apart from the others in a filter's gradient. */
const windowsAtOnce = 128;

/** @param bias address, or 0 for none */
export function convolveDepthwise(
  info: Windows, images: i32, source: usize, weights: usize, bias: usize, low: f32, high: f32, target: usize,
): void {
  const channels = info.channels, windows = info.depth * info.height * info.width;
  const lineBytes: usize = <usize>(channels & ~15) << 2;
  for (let n = 0; n < images; n += info.images) {
    const count = min(info.images, images - n) * windows;
    const from = source + <usize>n * <usize>info.sourceImage, to = target + <usize>n * <usize>info.targetImage;
    for (let i = 0; i < count; i += 4) {
      // Windows beyond the last repeat it.
      const last = count - 1;
      const e0 = info.table + (<usize>i << 3), e1 = info.table + (<usize>min(i + 1, last) << 3);
      const e2 = info.table + (<usize>min(i + 2, last) << 3), e3 = info.table + (<usize>min(i + 3, last) << 3);
      for (let pair = i; pair < min(i + 4, count); pair += 2) {
        const first = pair == i ? e0 : e2, second = pair == i ? e1 : e3;
        const s0 = from + load<u32>(first), s1 = from + load<u32>(second);
        const t0 = to + load<u32>(first, 4), t1 = to + load<u32>(second, 4);
        for (let at: usize = 0; at < lineBytes; at += 64) {
          lines(info, s0 + at, s1 + at, weights + at, bias, at, low, high, t0 + at, t1 + at);
        }
      }
      for (let c = channels & ~15; c < channels; c += 4) {
        const at: usize = <usize>c << 2, left = channels - c;
        const s0 = from + load<u32>(e0) + at, s1 = from + load<u32>(e1) + at;
        const s2 = from + load<u32>(e2) + at, s3 = from + load<u32>(e3) + at;
        const t0 = to + load<u32>(e0, 4) + at, t1 = to + load<u32>(e1, 4) + at;
        const t2 = to + load<u32>(e2, 4) + at, t3 = to + load<u32>(e3, 4) + at;
        const own = bias != 0 ? loadFirst(bias + at, left) : f32x4(0, 0, 0, 0);
        if (left >= 4) pixels(info, s0, s1, s2, s3, weights + at, own, low, high, t0, t1, t2, t3, left, true);
        else pixels(info, s0, s1, s2, s3, weights + at, own, low, high, t0, t1, t2, t3, left, false);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function pixels(
  info: Windows, s0: usize, s1: usize, s2: usize, s3: usize, w: usize, bias: v128, low: f32, high: f32,
  t0: usize, t1: usize, t2: usize, t3: usize, left: i32, whole: bool,
): void {
  let a0 = bias, a1 = bias, a2 = bias, a3 = bias;
  const rowBytes: usize = <usize>((info.channels + 3) & ~3) << 2, toTap: usize = <usize>info.runs << 2;
  let offset = info.offsets;
  for (const end = offset + toTap; offset < end; offset += 4) {
    const by: usize = load<u32>(offset), u = v128.load(w + <usize>load<u32>(offset + toTap) * rowBytes);
    a0 = multiplyAdd(some(s0 + by, left, whole), u, a0);
    a1 = multiplyAdd(some(s1 + by, left, whole), u, a1);
    a2 = multiplyAdd(some(s2 + by, left, whole), u, a2);
    a3 = multiplyAdd(some(s3 + by, left, whole), u, a3);
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  storeFirst(t0, clamp(a0, least, most), left);
  storeFirst(t1, clamp(a1, least, most), left);
  storeFirst(t2, clamp(a2, least, most), left);
  storeFirst(t3, clamp(a3, least, most), left);
}

/**
 * Sixteen channels of two windows: whole lines of the cache. Pixels of many channels lie so far apart that they would push
 * each other out of the first cache before the next vector of a line is read.
 */
// @ts-ignore: decorator
@inline
function lines(
  info: Windows, s0: usize, s1: usize, w: usize, bias: usize, at: usize, low: f32, high: f32, t0: usize, t1: usize,
): void {
  let a0 = f32x4(0, 0, 0, 0), a1 = a0, a2 = a0, a3 = a0;
  if (bias != 0) {
    a0 = v128.load(bias + at);
    a1 = v128.load(bias + at, 16);
    a2 = v128.load(bias + at, 32);
    a3 = v128.load(bias + at, 48);
  }
  let b0 = a0, b1 = a1, b2 = a2, b3 = a3;
  const rowBytes: usize = <usize>((info.channels + 3) & ~3) << 2, toTap: usize = <usize>info.runs << 2;
  let offset = info.offsets;
  for (const end = offset + toTap; offset < end; offset += 4) {
    const by: usize = load<u32>(offset), u = w + <usize>load<u32>(offset + toTap) * rowBytes;
    const u0 = v128.load(u), u1 = v128.load(u, 16), u2 = v128.load(u, 32), u3 = v128.load(u, 48);
    a0 = multiplyAdd(v128.load(s0 + by), u0, a0);
    a1 = multiplyAdd(v128.load(s0 + by, 16), u1, a1);
    a2 = multiplyAdd(v128.load(s0 + by, 32), u2, a2);
    a3 = multiplyAdd(v128.load(s0 + by, 48), u3, a3);
    b0 = multiplyAdd(v128.load(s1 + by), u0, b0);
    b1 = multiplyAdd(v128.load(s1 + by, 16), u1, b1);
    b2 = multiplyAdd(v128.load(s1 + by, 32), u2, b2);
    b3 = multiplyAdd(v128.load(s1 + by, 48), u3, b3);
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  v128.store(t0, clamp(a0, least, most));
  v128.store(t0, clamp(a1, least, most), 16);
  v128.store(t0, clamp(a2, least, most), 32);
  v128.store(t0, clamp(a3, least, most), 48);
  v128.store(t1, clamp(b0, least, most));
  v128.store(t1, clamp(b1, least, most), 16);
  v128.store(t1, clamp(b2, least, most), 32);
  v128.store(t1, clamp(b3, least, most), 48);
}

export function depthwiseFilterGradient(info: Windows, images: i32, source: usize, dy: usize, dw: usize): void {
  const channels = info.channels, windows = info.depth * info.height * info.width;
  const rowBytes: usize = <usize>((channels + 3) & ~3) << 2;
  for (let n = 0; n < images; n += info.images) {
    const count = min(info.images, images - n) * windows;
    const from = source + <usize>n * <usize>info.sourceImage, gradient = dy + <usize>n * <usize>info.targetImage;
    for (let first = 0; first < count; first += windowsAtOnce) {
      const table = info.table + (<usize>first << 3), end = table + (<usize>min(windowsAtOnce, count - first) << 3);
      for (let i = 0; i < info.runs; i += 4) {
        // Taps beyond the last repeat it.
        const offset = info.offsets + (<usize>i << 2), last: usize = <usize>min(3, info.runs - i - 1);
        const s0 = from + load<u32>(offset), s1 = from + load<u32>(offset + (min<usize>(1, last) << 2));
        const s2 = from + load<u32>(offset + (min<usize>(2, last) << 2)), s3 = from + load<u32>(offset + (last << 2));
        for (let c = 0; c < channels; c += 4) {
          const at: usize = <usize>c << 2, left = channels - c;
          const to = dw + <usize>i * rowBytes + at;
          if (left >= 4) taps(table, end, s0 + at, s1 + at, s2 + at, s3 + at, gradient + at, to, rowBytes, last, left, true);
          else taps(table, end, s0 + at, s1 + at, s2 + at, s3 + at, gradient + at, to, rowBytes, last, left, false);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function taps(
  entry: usize, end: usize, s0: usize, s1: usize, s2: usize, s3: usize, dy: usize,
  to: usize, rowBytes: usize, last: usize, left: i32, whole: bool,
): void {
  let a0 = f32x4(0, 0, 0, 0), a1 = a0, a2 = a0, a3 = a0;
  for (; entry < end; entry += 8) {
    const at: usize = load<u32>(entry), g = some(dy + load<u32>(entry, 4), left, whole);
    a0 = multiplyAdd(some(s0 + at, left, whole), g, a0);
    a1 = multiplyAdd(some(s1 + at, left, whole), g, a1);
    a2 = multiplyAdd(some(s2 + at, left, whole), g, a2);
    a3 = multiplyAdd(some(s3 + at, left, whole), g, a3);
  }
  add(to, a0);
  if (last > 0) add(to + rowBytes, a1);
  if (last > 1) add(to + rowBytes * 2, a2);
  if (last > 2) add(to + rowBytes * 3, a3);
}

// @ts-ignore: decorator
@inline
function some(at: usize, left: i32, whole: bool): v128 {
  return whole ? v128.load(at) : loadFirst(at, left);
}

// @ts-ignore: decorator
@inline
function add(at: usize, sum: v128): void {
  v128.store(at, f32x4.add(v128.load(at), sum));
}
