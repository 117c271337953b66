// Gradient of a convolution with respect to its filter.
//
//   dw[r, s, c, k] = Σ_{n, h, w} x[n, h · stride + r - top, w · stride + s - left, c] · dy[n, h, w, k]
//
// Shape: x [N, H, W, C], dy [N, OH, OW, K] → dw [R, S, C, K]. A block of 4 × 4 sums stays in registers.
import { loadFirst, storeFirst } from "../step/lanes";
import { Window2d } from "./window2d";

export function conv2dBackpropFilter(info: Window2d, x: usize, dy: usize, dw: usize): void {
  const C = info.channels, K = info.outChannels;
  for (let r = 0; r < info.kernelHeight; r++) {
    for (let s = 0; s < info.kernelWidth; s++) {
      const tap: usize = dw + (<usize>((r * info.kernelWidth + s) * C * K) << 2);
      for (let c = 0; c < C; c += 4) {
        for (let k = 0; k < K; k += 4) block(info, x, dy, r, s, c, k, tap + (<usize>(c * K + k) << 2));
      }
    }
  }
}

function block(info: Window2d, x: usize, dy: usize, r: i32, s: i32, c: i32, k: i32, out: usize): void {
  const C = info.channels, K = info.outChannels, left = K - k;
  const last: usize = <usize>min(3, C - c - 1) << 2;
  const c1 = min<usize>(4, last), c2 = min<usize>(8, last), c3 = min<usize>(12, last);
  let s0 = f32x4(0, 0, 0, 0), s1 = s0, s2 = s0, s3 = s0;
  for (let n = 0; n < info.batch; n++) {
    for (let h = 0; h < info.outHeight; h++) {
      const y = h * info.strideHeight + r - info.padTop;
      if (<u32>y >= <u32>info.height) continue;
      const row: usize = x + (<usize>(((n * info.height + y) * info.width) * C + c) << 2);
      let gradient: usize = dy + (<usize>(((n * info.outHeight + h) * info.outWidth) * K + k) << 2);
      for (let w = 0; w < info.outWidth; w++) {
        const at = w * info.strideWidth + s - info.padLeft;
        if (<u32>at < <u32>info.width) {
          const pixel: usize = row + (<usize>(at * C) << 2);
          const g = loadFirst(gradient, left);
          s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(pixel), g));
          s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(pixel + c1), g));
          s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(pixel + c2), g));
          s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(pixel + c3), g));
        }
        gradient += <usize>K << 2;
      }
    }
  }
  const stride: usize = <usize>K << 2;
  storeFirst(out, s0, left);
  if (c + 1 < C) storeFirst(out + stride, s1, left);
  if (c + 2 < C) storeFirst(out + stride * 2, s2, left);
  if (c + 3 < C) storeFirst(out + stride * 3, s3, left);
}
