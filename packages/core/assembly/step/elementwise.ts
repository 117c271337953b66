// Layers that work on each value by itself. Rows of an image may lie apart, because the layer that reads them may want
// zeros around the image.
import { loadFirst, rectify, storeFirst } from "./lanes";

@unmanaged
export class RowsPlan {
  input: usize;
  inputImageStride: usize;
  inputRowStride: usize;
  output: usize;
  outputImageStride: usize;
  outputRowStride: usize;
  /** What the activation gave, at the input's place; 0 when there was none. */
  gate: usize;
  rows: i32;
  /** Floats in a row. */
  width: i32;
}

/** output = min(max(input, 0), most); NaN stays NaN. */
export function clip(plan: RowsPlan, images: i32, most: f32): void {
  const width = plan.width;
  const limit = f32x4.splat(most);
  for (let n = 0; n < images; n++) {
    for (let r = 0; r < plan.rows; r++) {
      const from = plan.input + <usize>n * plan.inputImageStride + <usize>r * plan.inputRowStride;
      const to = plan.output + <usize>n * plan.outputImageStride + <usize>r * plan.outputRowStride;
      const whole: usize = <usize>(width & ~3) << 2;
      for (let at: usize = 0; at < whole; at += 16) {
        v128.store(to + at, f32x4.pmin(rectify(v128.load(from + at)), limit));
      }
      const left = width & 3;
      if (left) storeFirst(to + whole, f32x4.pmin(rectify(loadFirst(from + whole, left)), limit), left);
    }
  }
}

/**
 * The gradient where the output lies between 0 and the limit, else 0. Stopped means ≤ 0 or ≥ limit: a NaN must travel on, so
 * that the run stops on it.
 */
// @ts-ignore: decorator
@inline
function gated(gradient: v128, output: v128, limit: v128): v128 {
  const stopped = v128.or(f32x4.le(output, f32x4(0, 0, 0, 0)), f32x4.ge(output, limit));
  return v128.andnot(gradient, stopped);
}

/** output = input where the gate lies between 0 and `most`, else 0; without a gate, a copy. Here the input is a gradient. */
export function gateGradient(plan: RowsPlan, images: i32, most: f32): void {
  const isGated = plan.gate != 0;
  const width = plan.width;
  // Nothing is ≥ NaN: without a limit an infinite output lets its gradient pass.
  const limit = f32x4.splat(most == f32.POSITIVE_INFINITY ? f32.NaN : most);
  for (let n = 0; n < images; n++) {
    for (let r = 0; r < plan.rows; r++) {
      const offset: usize = <usize>n * plan.inputImageStride + <usize>r * plan.inputRowStride;
      const from = plan.input + offset;
      const gate = plan.gate + offset;
      const to = plan.output + <usize>n * plan.outputImageStride + <usize>r * plan.outputRowStride;
      if (!isGated) {
        memory.copy(to, from, <usize>width << 2);
        continue;
      }
      const whole: usize = <usize>(width & ~3) << 2;
      for (let at: usize = 0; at < whole; at += 16) {
        v128.store(to + at, gated(v128.load(from + at), v128.load(gate + at), limit));
      }
      const left = width & 3;
      if (left) storeFirst(to + whole, gated(loadFirst(from + whole, left), loadFirst(gate + whole, left), limit), left);
    }
  }
}

/** One round of the mixer of all of Convoy's random numbers (lowbias32; C. Wellons, "hash prospector", 2018). */
// @ts-ignore: decorator
@inline
function mix(x: u32): u32 {
  x ^= x >> 16;
  x *= 0x21f0aaad;
  x ^= x >> 15;
  x *= 0x735a2d97;
  return x ^ (x >> 15);
}

// @ts-ignore: decorator
@inline
function mixLanes(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x21f0aaad));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x735a2d97));
  return v128.xor(x, i32x4.shr_u(x, 15));
}

/**
 * output[j] = input[j] · scale where hash(seed, layer, step, sample, j) ≥ threshold, else 0. The backward pass is the
 * same call on gradients. `samples` holds one i32 an image.
 * Source: Srivastava et al., "Dropout", JMLR 15, 2014 (the inverted form).
 */
export function dropout(
  plan: RowsPlan, images: i32, samples: usize, seed: u32, layer: u32, step: u32, threshold: u32, scale: f32,
): void {
  const stepKey = mix(mix(mix(seed) + layer) + step);
  const factor = f32x4.splat(scale);
  const limit = i32x4.splat(threshold);
  for (let n = 0; n < images; n++) {
    const key = mix(stepKey + load<u32>(samples + (<usize>n << 2)));
    let j: u32 = 0;
    for (let r = 0; r < plan.rows; r++) {
      const from = plan.input + <usize>n * plan.inputImageStride + <usize>r * plan.inputRowStride;
      const to = plan.output + <usize>n * plan.outputImageStride + <usize>r * plan.outputRowStride;
      for (let i = 0; i < plan.width; i += 4) {
        const left = plan.width - i;
        const shift: usize = <usize>i << 2;
        const indices = i32x4.add(i32x4.splat(j + i), i32x4(0, 1, 2, 3));
        const hash = mixLanes(i32x4.add(i32x4.splat(key), i32x4.mul(indices, i32x4.splat(0x9e3779b9))));
        const kept = i32x4.ge_u(hash, limit);
        storeFirst(to + shift, v128.and(f32x4.mul(loadFirst(from + shift, left), factor), kept), left);
      }
      j += plan.width;
    }
  }
}
