// Weight gradient of a convolution or a dense layer.
//
//   dw[i, k] = Σ_p in[window(p) + inner(i)] · dy[p, k]         i over the window's R · S · C values
//
// Tile: 4 inner values × 8 channels, held in registers while p runs. Each dw is one sum in the order of p; `accumulate`
// takes it up from memory, so cutting the range of p into several calls changes no bit.
import { multiplyAdd, storeFirst } from "./lanes";

@unmanaged
export class WeightGradientPlan {
  input: usize;
  gradient: usize;
  /** Pairs of i32: byte offset of a window in the input, byte offset of its pixel in the gradient. */
  windows: usize;
  /** i32 byte offsets of the window's values, filled up to a multiple of 4 by repeating the last. */
  inner: usize;
  innerCount: i32;
  channels: i32;
}

export function weightGradient(
  plan: WeightGradientPlan, inputOffset: usize, gradientOffset: usize, begin: i32, end: i32, target: usize, accumulate: i32,
): void {
  const first = plan.windows + (<usize>begin << 3);
  const stop = plan.windows + (<usize>end << 3);
  const channels = plan.channels;
  const rowBytes: usize = <usize>channels << 2;
  const innerCount = plan.innerCount;
  const input = plan.input + inputOffset;
  for (let channel = 0; channel < channels; channel += 8) {
    const left = channels - channel;
    const gradient: usize = plan.gradient + gradientOffset + (<usize>channel << 2);
    for (let i = 0; i < innerCount; i += 4) {
      const offsets = plan.inner + (<usize>i << 2);
      const x0 = input + load<i32>(offsets), x1 = input + load<i32>(offsets, 4);
      const x2 = input + load<i32>(offsets, 8), x3 = input + load<i32>(offsets, 12);
      const t0: usize = target + <usize>i * rowBytes + (<usize>channel << 2);
      const t1 = t0 + rowBytes, t2 = t1 + rowBytes, t3 = t2 + rowBytes;
      let s00 = f32x4(0, 0, 0, 0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      if (accumulate) {
        s00 = v128.load(t0); s01 = v128.load(t0, 16); s10 = v128.load(t1); s11 = v128.load(t1, 16);
        s20 = v128.load(t2); s21 = v128.load(t2, 16); s30 = v128.load(t3); s31 = v128.load(t3, 16);
      }
      for (let entry = first; entry < stop; entry += 8) {
        const window: usize = load<i32>(entry);
        const dy: usize = gradient + load<i32>(entry, 4);
        const d0 = v128.load(dy), d1 = v128.load(dy, 16);
        let x = v128.load32_splat(x0 + window);
        s00 = multiplyAdd(x, d0, s00); s01 = multiplyAdd(x, d1, s01);
        x = v128.load32_splat(x1 + window);
        s10 = multiplyAdd(x, d0, s10); s11 = multiplyAdd(x, d1, s11);
        x = v128.load32_splat(x2 + window);
        s20 = multiplyAdd(x, d0, s20); s21 = multiplyAdd(x, d1, s21);
        x = v128.load32_splat(x3 + window);
        s30 = multiplyAdd(x, d0, s30); s31 = multiplyAdd(x, d1, s31);
      }
      storeFirst(t0, s00, left); storeFirst(t0 + 16, s01, left - 4);
      if (i + 1 < innerCount) { storeFirst(t1, s10, left); storeFirst(t1 + 16, s11, left - 4); }
      if (i + 2 < innerCount) { storeFirst(t2, s20, left); storeFirst(t2 + 16, s21, left - 4); }
      if (i + 3 < innerCount) { storeFirst(t3, s30, left); storeFirst(t3 + 16, s31, left - 4); }
    }
  }
}

/** target[k] = Σ_p source[p, k] over `pixels` rows `stride` bytes apart, in their order; `accumulate` as above. */
export function columnSums(source: usize, stride: usize, pixels: i32, channels: i32, target: usize, accumulate: i32): void {
  for (let channel = 0; channel < channels; channel += 4) {
    let from = source + (<usize>channel << 2);
    const to = target + (<usize>channel << 2);
    let sum = accumulate ? v128.load(to) : f32x4(0, 0, 0, 0);
    for (let p = 0; p < pixels; p++) {
      sum = f32x4.add(sum, v128.load(from));
      from += stride;
    }
    storeFirst(to, sum, channels - channel);
  }
}
