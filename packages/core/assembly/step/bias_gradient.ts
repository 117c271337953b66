// Bias gradient: sums down the columns of a matrix.
import { storeFirst } from "./lanes";

/** target[k] = Σ_p source[p, k] over `pixels` rows `stride` bytes apart, in their order. */
export function columnSums(source: usize, stride: usize, pixels: i32, channels: i32, target: usize): void {
  for (let channel = 0; channel < channels; channel += 4) {
    let from = source + (<usize>channel << 2);
    const to = target + (<usize>channel << 2);
    let sum = f32x4(0, 0, 0, 0);
    for (let p = 0; p < pixels; p++) {
      sum = f32x4.add(sum, v128.load(from));
      from += stride;
    }
    storeFirst(to, sum, channels - channel);
  }
}
