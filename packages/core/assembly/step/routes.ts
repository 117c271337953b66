// Backward pass of convolution + max pool (+ relu): only the cell that won its pool carries a gradient, and after a
// relu only where the output is positive. That is an eighth of the dense arithmetic on a typical network.
//
// An entry is (g, byte offset of the winning window); entries are listed a channel at a time, in the order of image and
// pool, so every sum over a list has one order, whatever the number of images in a call.

@unmanaged
export class RoutesPlan {
  /** Gradient of the pool's output, and that output; row by row, with the layout of the layer that reads it. */
  gradient: usize;
  output: usize;
  imageStride: usize;
  rowStride: usize;
  poolRows: i32;
  poolColumns: i32;
  channels: i32;
  relu: i32;
  /** [image][pool][channel] i32: byte offset of the winning window in its input image. */
  argmax: usize;
  inputImageStride: usize;
  /** [channel][listStride] entries of 8 bytes, and one i32 count a channel; both for a multiple of 4 channels. */
  lists: usize;
  listStride: usize;
  counts: usize;
}

/** Writes the lists for images first to first + images - 1; offsets count from the plan's first image. */
export function listRoutes(plan: RoutesPlan, first: i32, images: i32): void {
  const channels = plan.channels;
  const pixelBytes: usize = <usize>channels << 2;
  const rows = plan.poolRows;
  const columns = plan.poolColumns;
  const pools = rows * columns;
  const listBytes = plan.listStride;
  // Fields in locals: lists are written in between, and for all that the compiler knows they could lie over the plan.
  const gradient = plan.gradient;
  const output = plan.output;
  const imageStride = plan.imageStride;
  const rowStride = plan.rowStride;
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
      for (let row = 0; row < rows; row++) {
        let at: usize = <usize>n * imageStride + <usize>row * rowStride + column;
        for (let c = 0; c < columns; c++) {
          const g = v128.load(gradient + at);
          // Not `> 0`: a NaN must travel on, so that the run stops on it.
          const open = v128.or(v128.not(f32x4.le(v128.load(output + at), zero)), always);
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
