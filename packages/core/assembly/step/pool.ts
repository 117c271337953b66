// Pooling over windows of any size, stride and padding, where it cannot be done in the convolution's epilogue.
//
//   max:      out[p, c] = max_i in[cell(p, i), c], the first one where several are equal
//   average:  out[p, c] = Σ_i in[cell(p, i), c] / number of cells          padding does not count as cells
//
// The table of a window holds its real cells only: i32 output offset, i32 count, then `count` i32 input offsets, in
// bytes from the start of an image. Windows may overlap, so gradients are added.
import { loadFirst, storeFirst } from "./lanes";

@unmanaged
export class PoolPlan {
  input: usize;
  inputGradient: usize;
  inputImageStride: usize;
  output: usize;
  outputGradient: usize;
  outputImageStride: usize;
  table: usize;
  windowCount: i32;
  channels: i32;
  /** [image][window][channel] i32: byte offset of the winning value in its input image; max only. */
  argmax: usize;
}

export function maxPool(plan: PoolPlan, images: i32): void {
  const channels = plan.channels;
  let argmax = plan.argmax;
  for (let n = 0; n < images; n++) {
    const input = plan.input + <usize>n * plan.inputImageStride;
    const output = plan.output + <usize>n * plan.outputImageStride;
    let entry = plan.table;
    for (let p = 0; p < plan.windowCount; p++) {
      const out: usize = output + load<i32>(entry);
      const count = load<i32>(entry, 4);
      const cells = entry + 8;
      for (let c = 0; c < channels; c += 4) {
        const left = channels - c;
        const shift = c << 2;
        let cell = load<i32>(cells) + shift;
        let best = loadFirst(input + cell, left);
        let index = i32x4.splat(cell);
        for (let i = 1; i < count; i++) {
          cell = load<i32>(cells + (<usize>i << 2)) + shift;
          const value = loadFirst(input + cell, left);
          const greater = f32x4.gt(value, best);
          best = v128.bitselect(value, best, greater);
          index = v128.bitselect(i32x4.splat(cell), index, greater);
        }
        storeFirst(out + shift, best, left);
        storeFirst(argmax + shift, i32x4.add(index, i32x4(0, 4, 8, 12)), left);
      }
      argmax += <usize>channels << 2;
      entry = cells + (<usize>count << 2);
    }
  }
}

/** Adds to the input gradient, which the caller has set to zero. */
export function maxPoolGradient(plan: PoolPlan, images: i32): void {
  const channels = plan.channels;
  let argmax = plan.argmax;
  for (let n = 0; n < images; n++) {
    const input = plan.inputGradient + <usize>n * plan.inputImageStride;
    const output = plan.outputGradient + <usize>n * plan.outputImageStride;
    let entry = plan.table;
    for (let p = 0; p < plan.windowCount; p++) {
      const out: usize = output + load<i32>(entry);
      for (let c = 0; c < channels; c++) {
        const to: usize = input + load<i32>(argmax);
        store<f32>(to, load<f32>(to) + load<f32>(out + (<usize>c << 2)));
        argmax += 4;
      }
      entry += 8 + (<usize>load<i32>(entry, 4) << 2);
    }
  }
}

export function averagePool(plan: PoolPlan, images: i32): void {
  const channels = plan.channels;
  for (let n = 0; n < images; n++) {
    const input = plan.input + <usize>n * plan.inputImageStride;
    const output = plan.output + <usize>n * plan.outputImageStride;
    let entry = plan.table;
    for (let p = 0; p < plan.windowCount; p++) {
      const out: usize = output + load<i32>(entry);
      const count = load<i32>(entry, 4);
      const cells = entry + 8;
      const share = f32x4.splat(<f32>count);
      for (let c = 0; c < channels; c += 4) {
        const left = channels - c;
        const shift: usize = <usize>c << 2;
        let sum = f32x4(0, 0, 0, 0);
        for (let i = 0; i < count; i++) {
          sum = f32x4.add(sum, loadFirst(input + load<i32>(cells + (<usize>i << 2)) + shift, left));
        }
        storeFirst(out + shift, f32x4.div(sum, share), left);
      }
      entry = cells + (<usize>count << 2);
    }
  }
}

/** Adds to the input gradient, which the caller has set to zero. */
export function averagePoolGradient(plan: PoolPlan, images: i32): void {
  const channels = plan.channels;
  for (let n = 0; n < images; n++) {
    const input = plan.inputGradient + <usize>n * plan.inputImageStride;
    const output = plan.outputGradient + <usize>n * plan.outputImageStride;
    let entry = plan.table;
    for (let p = 0; p < plan.windowCount; p++) {
      const out: usize = output + load<i32>(entry);
      const count = load<i32>(entry, 4);
      const cells = entry + 8;
      const share = f32x4.splat(<f32>count);
      for (let c = 0; c < channels; c += 4) {
        const left = channels - c;
        const shift: usize = <usize>c << 2;
        const part = f32x4.div(loadFirst(out + shift, left), share);
        for (let i = 0; i < count; i++) {
          const to: usize = input + load<i32>(cells + (<usize>i << 2)) + shift;
          storeFirst(to, f32x4.add(loadFirst(to, left), part), left);
        }
      }
      entry = cells + (<usize>count << 2);
    }
  }
}
