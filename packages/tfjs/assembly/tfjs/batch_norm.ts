// Batch normalisation with given statistics, and its gradient.
//
//   y = (x - mean) · s + offset        s = scale / √(variance + ε)
//   dx = dy · s    doffset = Σ dy    dscale = Σ dy (x - mean) / √(variance + ε)
//   dmean = -s Σ dy                  dvariance = -½ s / (variance + ε) · Σ dy (x - mean)
//
// Shape: x, y, dy, dx [rows, C]; all others [C].
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

/** `mean`, `s` and `offset` stand `repeats` times one after the other, so that a line is long although C may be small. */
export function batchNorm(x: usize, y: usize, count: i32, period: i32, mean: usize, s: usize, offset: usize): void {
  for (let done = 0; done < count; done += period) {
    const length = min(period, count - done);
    for (let i = 0; i < length; i += 4) {
      const at: usize = <usize>i << 2;
      const left = length - i;
      const centred = f32x4.sub(loadFirst(x + at, left), v128.load(mean + at));
      storeFirst(y + at, f32x4.add(f32x4.mul(centred, v128.load(s + at)), v128.load(offset + at)), left);
    }
    x += <usize>length << 2;
    y += <usize>length << 2;
  }
}

/**
 * Adds up Σ dy and Σ dy (x - mean) of each channel, in float64: there may be millions of rows.
 * `sums` is room for 2 C doubles.
 */
export function batchNormSums(dy: usize, x: usize, rows: i32, channels: i32, mean: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>channels << 4);
  const rowBytes: usize = <usize>channels << 2;
  const products = sums + (<usize>channels << 3);
  // Blocks of rows are summed in float32 lanes; each block's sums go to float64.
  for (let c = 0; c < channels; c += 4) {
    const column: usize = <usize>c << 2;
    const left = channels - c;
    const m = loadFirst(mean + column, left);
    for (let row = 0; row < rows; row += 32) {
      const end = min(row + 32, rows);
      let s0 = f32x4(0, 0, 0, 0), s1 = s0;
      let at: usize = <usize>row * rowBytes + column;
      for (let r = row; r < end; r++) {
        const g = loadFirst(dy + at, left);
        s0 = f32x4.add(s0, g);
        s1 = f32x4.add(s1, f32x4.mul(g, f32x4.sub(loadFirst(x + at, left), m)));
        at += rowBytes;
      }
      const target: usize = <usize>c << 3;
      addLane(sums + target, f32x4.extract_lane(s0, 0));
      addLane(products + target, f32x4.extract_lane(s1, 0));
      if (left > 1) {
        addLane(sums + target + 8, f32x4.extract_lane(s0, 1));
        addLane(products + target + 8, f32x4.extract_lane(s1, 1));
      }
      if (left > 2) {
        addLane(sums + target + 16, f32x4.extract_lane(s0, 2));
        addLane(products + target + 16, f32x4.extract_lane(s1, 2));
      }
      if (left > 3) {
        addLane(sums + target + 24, f32x4.extract_lane(s0, 3));
        addLane(products + target + 24, f32x4.extract_lane(s1, 3));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addLane(target: usize, value: f32): void {
  store<f64>(target, load<f64>(target) + <f64>value);
}
