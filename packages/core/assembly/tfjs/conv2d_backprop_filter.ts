// Gradient of a convolution with respect to its filter.
//
//   dw[r, s, c, k] = Σ_{n, h, w} x[n, h · stride + r - top, w · stride + s - left, c] · dy[n, h, w, k]
//
// Shape: x [N, H, W, C], dy [N, OH, OW, K] → dw [R, S, C, K]. A block of 4 × 4 sums stays in registers.
// Each image is summed by itself: one float32 sum over all pixels of a batch would lose a digit or two.
import { loadFirst, storeFirst } from "../step/lanes";
import { Window2d } from "./window2d";

export function conv2dBackpropFilter(info: Window2d, x: usize, dy: usize, dw: usize): void {
  const C = info.channels, K = info.outChannels;
  for (let r = 0; r < info.kernelHeight; r++) {
    for (let s = 0; s < info.kernelWidth; s++) {
      const tap: usize = dw + (<usize>((r * info.kernelWidth + s) * C * K) << 2);
      for (let c = 0; c < C; c += 4) {
        for (let k = 0; k < K; k += 4) {
          const out: usize = tap + (<usize>(c * K + k) << 2);
          if (K - k >= 4) block(info, x, dy, r, s, c, k, out, true);
          else block(info, x, dy, r, s, c, k, out, false);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function block(
  info: Window2d, x: usize, dy: usize, r: i32, s: i32, c: i32, k: i32, out: usize, whole: bool,
): void {
  const C = info.channels, K = info.outChannels, left = K - k, stride = info.strideWidth;
  // Rows of the block beyond the last channel repeat it, and are not stored.
  const last: usize = <usize>min(3, C - c - 1) << 2;
  const c1 = min<usize>(4, last), c2 = min<usize>(8, last), c3 = min<usize>(12, last);
  // Columns of dy whose pixel lies in the image.
  const before = info.padLeft - s;
  const first = before > 0 ? (before + stride - 1) / stride : 0;
  const reach = info.width - 1 + before;
  const end = reach < 0 ? 0 : min(info.outWidth, reach / stride + 1);
  const pixelBytes: usize = <usize>(stride * C) << 2, gradientBytes: usize = <usize>K << 2;
  let s0 = f32x4(0, 0, 0, 0), s1 = s0, s2 = s0, s3 = s0;
  for (let n = 0; n < info.batch; n++) {
    let r0 = f32x4(0, 0, 0, 0), r1 = r0, r2 = r0, r3 = r0;
    for (let h = 0; h < info.outHeight; h++) {
      const y = h * info.strideHeight + r - info.padTop;
      if (<u32>y >= <u32>info.height) continue;
      let pixel: usize = x + (<usize>(((n * info.height + y) * info.width + first * stride - before) * C + c) << 2);
      let gradient: usize = dy + (<usize>(((n * info.outHeight + h) * info.outWidth + first) * K + k) << 2);
      for (let w = first; w < end; w++) {
        const g = whole ? v128.load(gradient) : loadFirst(gradient, left);
        r0 = f32x4.add(r0, f32x4.mul(v128.load32_splat(pixel), g));
        r1 = f32x4.add(r1, f32x4.mul(v128.load32_splat(pixel + c1), g));
        r2 = f32x4.add(r2, f32x4.mul(v128.load32_splat(pixel + c2), g));
        r3 = f32x4.add(r3, f32x4.mul(v128.load32_splat(pixel + c3), g));
        pixel += pixelBytes;
        gradient += gradientBytes;
      }
    }
    s0 = f32x4.add(s0, r0);
    s1 = f32x4.add(s1, r1);
    s2 = f32x4.add(s2, r2);
    s3 = f32x4.add(s3, r3);
  }
  storeFirst(out, s0, left);
  if (c + 1 < C) storeFirst(out + gradientBytes, s1, left);
  if (c + 2 < C) storeFirst(out + gradientBytes * 2, s2, left);
  if (c + 3 < C) storeFirst(out + gradientBytes * 3, s3, left);
}
