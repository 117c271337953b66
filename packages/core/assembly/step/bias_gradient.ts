// Bias gradient: sums down the columns of a matrix.
import { storeFirst } from "./lanes";

/** Rows that are summed apart from the others: in one long float32 sum, thousands of like terms lose two digits. */
const rowsAtOnce = 64;

/** target[k] = Σ_p source[p, k] over `pixels` rows `stride` bytes apart: blocks of rows in their order, then the blocks. */
export function columnSums(source: usize, stride: usize, pixels: i32, channels: i32, target: usize): void {
  let channel = 0;
  for (; channel + 16 <= channels; channel += 16) sumSixteen(source, stride, pixels, channel, target);
  for (; channel < channels; channel += 4) {
    let from = source + (<usize>channel << 2);
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
    storeFirst(target + (<usize>channel << 2), sum, channels - channel);
  }
}

/** A cache line of channels: sums side by side, because one alone waits for each of its additions. */
function sumSixteen(source: usize, stride: usize, pixels: i32, channel: i32, target: usize): void {
  let from = source + (<usize>channel << 2);
  const to = target + (<usize>channel << 2);
  const zero = f32x4(0, 0, 0, 0);
  let sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero;
  for (let p = 0; p < pixels; ) {
    const end = min(p + rowsAtOnce, pixels);
    let block0 = zero, block1 = zero, block2 = zero, block3 = zero;
    for (; p < end; p++) {
      block0 = f32x4.add(block0, v128.load(from));
      block1 = f32x4.add(block1, v128.load(from, 16));
      block2 = f32x4.add(block2, v128.load(from, 32));
      block3 = f32x4.add(block3, v128.load(from, 48));
      from += stride;
    }
    sum0 = f32x4.add(sum0, block0);
    sum1 = f32x4.add(sum1, block1);
    sum2 = f32x4.add(sum2, block2);
    sum3 = f32x4.add(sum3, block3);
  }
  v128.store(to, sum0);
  v128.store(to, sum1, 16);
  v128.store(to, sum2, 32);
  v128.store(to, sum3, 48);
}
