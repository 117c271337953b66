// Backward pass of convolution + max pool (+ relu): only the cell that won its pool carries a gradient, and after a
// relu only where the output is positive. That is an eighth of the dense arithmetic on a typical network.
//
// An entry is (g, byte offset of the winning window); entries are listed a channel at a time, in the order of image and
// pool, so every sum over a list has one order, whatever the number of images in a call.

@unmanaged
export class RoutesPlan {
  /** Gradient of the pool's output; row by row, with the layout of the layer that reads the output. */
  gradient: usize;
  imageStride: usize;
  rowStride: usize;
  poolRows: i32;
  poolColumns: i32;
  channels: i32;
  /** [image][pool][channel] i32: byte offset of the winning window in its input image; negative where the activation stops its gradient. */
  argmax: usize;
  inputImageStride: usize;
  /** [channel][listStride] entries of 8 bytes, and one i32 count a channel; both for a multiple of 4 channels. */
  lists: usize;
  listStride: usize;
  counts: usize;
}

/** Bytes of gradients and winners that all channels read before the next rows: less than the first-level cache. */
const blockBytes = 12 * 1024;

/** Writes the lists for images first to first + images - 1; offsets count from the plan's first image. */
export function listRoutes(plan: RoutesPlan, first: i32, images: i32): void {
  const rows = plan.poolRows;
  const rowBytes = 2 * plan.poolColumns * (plan.channels << 2);
  const atOnce = max(1, blockBytes / rowBytes);
  memory.fill(plan.counts, 0, <usize>(plan.channels + 3 & ~3) << 2);
  for (let n = first; n < first + images; n++) {
    for (let row = 0; row < rows; row += atOnce) listRows(plan, n, row, min(row + atOnce, rows));
  }
}

/** Appends the entries of an image's rows of pools to the lists. */
function listRows(plan: RoutesPlan, image: i32, firstRow: i32, endRow: i32): void {
  const channels = plan.channels;
  const pixelBytes: usize = <usize>channels << 2;
  const columns = plan.poolColumns;
  const listBytes = plan.listStride;
  // Fields in locals: lists are written in between, and for all that the compiler knows they could lie over the plan.
  const gradient = plan.gradient + <usize>image * plan.imageStride;
  const rowStride = plan.rowStride;
  const pool = <usize>(image * plan.poolRows + firstRow) * columns;
  const winners = plan.argmax + pool * pixelBytes;
  const base = i32x4.splat(image * <i32>plan.inputImageStride);
  const zero = f32x4(0, 0, 0, 0);
  for (let k = 0; k < channels; k += 4) {
    // Lists of lanes beyond the last channel are written too, into room of their own, and never read.
    const start = plan.lists + <usize>k * listBytes;
    const column: usize = <usize>k << 2;
    const counts = plan.counts + column;
    let to0 = start + (<usize>load<i32>(counts) << 3);
    let to1 = start + listBytes + (<usize>load<i32>(counts, 4) << 3);
    let to2 = start + listBytes * 2 + (<usize>load<i32>(counts, 8) << 3);
    let to3 = start + listBytes * 3 + (<usize>load<i32>(counts, 12) << 3);
    let winner = winners + column;
    for (let row = firstRow; row < endRow; row++) {
      let at: usize = <usize>row * rowStride + column;
      for (let c = 0; c < columns; c++) {
        const g = v128.load(gradient + at);
        const won = v128.load(winner);
        // A NaN is not equal to zero: it must travel on, so that the run stops on it.
        const mask = i32x4.bitmask(v128.andnot(f32x4.ne(g, zero), won));
        const window = i32x4.add(base, won);
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
    store<i32>(counts, <i32>(to0 - start) >> 3);
    store<i32>(counts, <i32>(to1 - start - listBytes) >> 3, 4);
    store<i32>(counts, <i32>(to2 - start - listBytes * 2) >> 3, 8);
    store<i32>(counts, <i32>(to3 - start - listBytes * 3) >> 3, 12);
  }
}
