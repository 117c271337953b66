// Backward pass of convolution + max pool (+ relu): only the cell that won its pool carries a gradient, and after a
// relu only where the output is positive. That is an eighth of the dense arithmetic on a typical network.
//
//   dw[r, j, k] = Σ in[window(e) + r · rowStride + j] · g(e)        over the entries e of channel k
//   dx[window(e) + r · rowStride + j] += g(e) · w[r, j, k]          db[k] = Σ g(e)
//
// An entry is (g, byte offset of the winning window); entries are listed a channel at a time, in the order of image and
// pool, so every sum has one order, whatever the number of images in a call.
import { multiplyAdd } from "./lanes";

@unmanaged
export class RoutedGradientPlan {
  /** Gradient of the pool's output, and that output; row by row, with the layout of the layer that reads it. */
  gradient: usize;
  output: usize;
  imageStride: usize;
  rowStride: usize;
  poolRows: i32;
  poolColumns: i32;
  channels: i32;
  relu: i32;
  /** [image][pool][channel] i32, from `convolve`. */
  argmax: usize;
  /** Scratch: [channel][listCapacity] entries of 8 bytes, and one i32 count a channel. */
  lists: usize;
  counts: usize;
  listCapacity: i32;
  input: usize;
  inputGradient: usize;
  inputImageStride: usize;
  /** i32 byte offsets of the filter's vectors of four in the input, a multiple of 4 of them. */
  vectors: usize;
  vectorCount: i32;
  /** [channel][vectorCount][4]: see `packFilters`. */
  filters: usize;
  /** [channel][vectorCount][4]: the sums of dw. */
  filterGradient: usize;
  /** 1 where each four vectors lie side by side in the input. */
  contiguous: i32;
}

/** Writes the lists for images first to first + images - 1; offsets count from the plan's first image. */
export function listRoutes(plan: RoutedGradientPlan, first: i32, images: i32): void {
  const channels = plan.channels;
  const pixelBytes: usize = <usize>channels << 2;
  const columns = plan.poolColumns;
  const pools = plan.poolRows * columns;
  const listBytes: usize = <usize>plan.listCapacity << 3;
  const zero = f32x4(0, 0, 0, 0);
  const always = plan.relu ? zero : i32x4.splat(-1);
  for (let k = 0; k < channels; k += 4) {
    // Lists of lanes beyond the last channel are written too, into room of their own, and never read.
    const start = plan.lists + <usize>k * listBytes;
    let to0 = start, to1 = to0 + listBytes, to2 = to1 + listBytes, to3 = to2 + listBytes;
    const column: usize = <usize>k << 2;
    for (let n = first; n < first + images; n++) {
      const base = i32x4.splat(n * <i32>plan.inputImageStride);
      let winner = plan.argmax + <usize>n * pools * pixelBytes + column;
      for (let row = 0; row < plan.poolRows; row++) {
        let at: usize = <usize>n * plan.imageStride + <usize>row * plan.rowStride + column;
        for (let c = 0; c < columns; c++) {
          const g = v128.load(plan.gradient + at);
          // Not `> 0`: a NaN must travel on, so that the run stops on it.
          const open = v128.or(v128.not(f32x4.le(v128.load(plan.output + at), zero)), always);
          const mask = i32x4.bitmask(v128.and(open, f32x4.ne(g, zero)));
          const window = i32x4.add(base, v128.load(winner));
          const low = v128.shuffle<f32>(g, window, 0, 4, 1, 5);
          const high = v128.shuffle<f32>(g, window, 2, 6, 3, 7);
          v128.store64_lane(to0, low, 0);
          v128.store64_lane(to1, low, 1);
          v128.store64_lane(to2, high, 0);
          v128.store64_lane(to3, high, 1);
          to0 += (mask & 1) << 3;
          to1 += (mask & 2) << 2;
          to2 += (mask & 4) << 1;
          to3 += mask & 8;
          at += pixelBytes;
          winner += pixelBytes;
        }
      }
    }
    const counts = plan.counts + column;
    store<i32>(counts, <i32>(to0 - start) >> 3);
    store<i32>(counts, <i32>(to1 - start - listBytes) >> 3, 4);
    store<i32>(counts, <i32>(to2 - start - listBytes * 2) >> 3, 8);
    store<i32>(counts, <i32>(to3 - start - listBytes * 3) >> 3, 12);
  }
}

/** Adds the listed entries to `filterGradient`, and their sum to the bias gradient, 0 when there is no bias. */
export function routedWeightGradient(plan: RoutedGradientPlan, bias: usize): void {
  const vectorCount = plan.vectorCount;
  for (let k = 0; k < plan.channels; k++) {
    const entries = plan.lists + ((<usize>k * plan.listCapacity) << 3);
    const end = entries + (<usize>load<i32>(plan.counts + (<usize>k << 2)) << 3);
    let sums = plan.filterGradient + ((<usize>k * vectorCount) << 4);
    if (bias) {
      const to = bias + (<usize>k << 2);
      let sum = load<f32>(to);
      for (let e = entries; e < end; e += 8) sum += load<f32>(e);
      store<f32>(to, sum);
    }
    let v = 0;
    for (; plan.contiguous != 0 && v + 12 <= vectorCount; v += 12) {
      const offsets = plan.vectors + (<usize>v << 2);
      const x0 = plan.input + load<i32>(offsets), x1 = plan.input + load<i32>(offsets, 16);
      const x2 = plan.input + load<i32>(offsets, 32);
      let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
      let s4 = v128.load(sums, 64), s5 = v128.load(sums, 80), s6 = v128.load(sums, 96), s7 = v128.load(sums, 112);
      let s8 = v128.load(sums, 128), s9 = v128.load(sums, 144), s10 = v128.load(sums, 160), s11 = v128.load(sums, 176);
      for (let e = entries; e < end; e += 8) {
        const g = v128.load32_splat(e);
        const at: usize = load<i32>(e, 4);
        let x = x0 + at;
        s0 = multiplyAdd(g, v128.load(x), s0); s1 = multiplyAdd(g, v128.load(x, 16), s1);
        s2 = multiplyAdd(g, v128.load(x, 32), s2); s3 = multiplyAdd(g, v128.load(x, 48), s3);
        x = x1 + at;
        s4 = multiplyAdd(g, v128.load(x), s4); s5 = multiplyAdd(g, v128.load(x, 16), s5);
        s6 = multiplyAdd(g, v128.load(x, 32), s6); s7 = multiplyAdd(g, v128.load(x, 48), s7);
        x = x2 + at;
        s8 = multiplyAdd(g, v128.load(x), s8); s9 = multiplyAdd(g, v128.load(x, 16), s9);
        s10 = multiplyAdd(g, v128.load(x, 32), s10); s11 = multiplyAdd(g, v128.load(x, 48), s11);
      }
      v128.store(sums, s0); v128.store(sums, s1, 16); v128.store(sums, s2, 32); v128.store(sums, s3, 48);
      v128.store(sums, s4, 64); v128.store(sums, s5, 80); v128.store(sums, s6, 96); v128.store(sums, s7, 112);
      v128.store(sums, s8, 128); v128.store(sums, s9, 144); v128.store(sums, s10, 160); v128.store(sums, s11, 176);
      sums += 192;
    }
    for (; v + 8 <= vectorCount; v += 8) {
      const offsets = plan.vectors + (<usize>v << 2);
      const x0 = plan.input + load<i32>(offsets), x1 = plan.input + load<i32>(offsets, 4);
      const x2 = plan.input + load<i32>(offsets, 8), x3 = plan.input + load<i32>(offsets, 12);
      const x4 = plan.input + load<i32>(offsets, 16), x5 = plan.input + load<i32>(offsets, 20);
      const x6 = plan.input + load<i32>(offsets, 24), x7 = plan.input + load<i32>(offsets, 28);
      let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
      let s4 = v128.load(sums, 64), s5 = v128.load(sums, 80), s6 = v128.load(sums, 96), s7 = v128.load(sums, 112);
      for (let e = entries; e < end; e += 8) {
        const g = v128.load32_splat(e);
        const at: usize = load<i32>(e, 4);
        s0 = multiplyAdd(g, v128.load(x0 + at), s0); s1 = multiplyAdd(g, v128.load(x1 + at), s1);
        s2 = multiplyAdd(g, v128.load(x2 + at), s2); s3 = multiplyAdd(g, v128.load(x3 + at), s3);
        s4 = multiplyAdd(g, v128.load(x4 + at), s4); s5 = multiplyAdd(g, v128.load(x5 + at), s5);
        s6 = multiplyAdd(g, v128.load(x6 + at), s6); s7 = multiplyAdd(g, v128.load(x7 + at), s7);
      }
      v128.store(sums, s0); v128.store(sums, s1, 16); v128.store(sums, s2, 32); v128.store(sums, s3, 48);
      v128.store(sums, s4, 64); v128.store(sums, s5, 80); v128.store(sums, s6, 96); v128.store(sums, s7, 112);
      sums += 128;
    }
    for (; v < vectorCount; v += 4) {
      const offsets = plan.vectors + (<usize>v << 2);
      const x0 = plan.input + load<i32>(offsets), x1 = plan.input + load<i32>(offsets, 4);
      const x2 = plan.input + load<i32>(offsets, 8), x3 = plan.input + load<i32>(offsets, 12);
      let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
      for (let e = entries; e < end; e += 8) {
        const g = v128.load32_splat(e);
        const at: usize = load<i32>(e, 4);
        s0 = multiplyAdd(g, v128.load(x0 + at), s0); s1 = multiplyAdd(g, v128.load(x1 + at), s1);
        s2 = multiplyAdd(g, v128.load(x2 + at), s2); s3 = multiplyAdd(g, v128.load(x3 + at), s3);
      }
      v128.store(sums, s0); v128.store(sums, s1, 16); v128.store(sums, s2, 32); v128.store(sums, s3, 48);
      sums += 64;
    }
  }
}

/** Adds the listed entries to the input gradient, which the caller has set to zero. */
export function routedInputGradient(plan: RoutedGradientPlan): void {
  const vectorCount = plan.vectorCount;
  for (let k = 0; k < plan.channels; k++) {
    const entries = plan.lists + ((<usize>k * plan.listCapacity) << 3);
    const end = entries + (<usize>load<i32>(plan.counts + (<usize>k << 2)) << 3);
    let filter = plan.filters + ((<usize>k * vectorCount) << 4);
    for (let v = 0; v < vectorCount; v += 4) {
      const offsets = plan.vectors + (<usize>v << 2);
      const x0 = plan.inputGradient + load<i32>(offsets), x1 = plan.inputGradient + load<i32>(offsets, 4);
      const x2 = plan.inputGradient + load<i32>(offsets, 8), x3 = plan.inputGradient + load<i32>(offsets, 12);
      const f0 = v128.load(filter), f1 = v128.load(filter, 16), f2 = v128.load(filter, 32), f3 = v128.load(filter, 48);
      for (let e = entries; e < end; e += 8) {
        const g = v128.load32_splat(e);
        const at: usize = load<i32>(e, 4);
        v128.store(x0 + at, multiplyAdd(g, f0, v128.load(x0 + at)));
        v128.store(x1 + at, multiplyAdd(g, f1, v128.load(x1 + at)));
        v128.store(x2 + at, multiplyAdd(g, f2, v128.load(x2 + at)));
        v128.store(x3 + at, multiplyAdd(g, f3, v128.load(x3 + at)));
      }
      filter += 64;
    }
  }
}
