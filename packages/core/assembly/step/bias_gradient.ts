// Bias gradient: sums down the columns of a matrix.
import { storeFirst } from "./lanes";

/** Rows that are summed apart from the others: in one long float32 sum, thousands of like terms lose two digits. */
const rowsAtOnce = 64;

/** target[k] = Σ_p source[p, k] over `pixels` rows `stride` bytes apart: blocks of rows in their order, then the blocks. */
export function columnSums(source: usize, stride: usize, pixels: i32, channels: i32, target: usize): void {
  for (let channel = 0; channel < channels; channel += 4) {
    let from = source + (<usize>channel << 2);
    const to = target + (<usize>channel << 2);
    let sum = f32x4(0, 0, 0, 0);
    for (let p = 0; p < pixels; ) {
      const end = min(p + rowsAtOnce, pixels);
      let block = f32x4(0, 0, 0, 0);
      for (; p < end; p++) {
        block = f32x4.add(block, v128.load(from));
        from += stride;
      }
      sum = f32x4.add(sum, block);
    }
    storeFirst(to, sum, channels - channel);
  }
}
