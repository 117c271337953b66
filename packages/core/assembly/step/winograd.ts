// Filters as Winograd's F(2×2, 3×3) wants them. See src/emit/winograd.ts.
import { loadFirst } from "./lanes";

/**
 * U = G g Gᵀ for every pair of channels: [3, 3, inputs, filters] → [16][panel][inputs][lanes], panels as `packPanels`
 * lays them out; `placeBytes` from one of the sixteen to the next.
 */
export function packWinograd(
  source: usize, inputs: i32, filters: i32, lanes: i32, target: usize, placeBytes: usize,
): void {
  const rowBytes: usize = <usize>filters << 2;
  const tapBytes: usize = <usize>inputs * rowBytes;
  for (let k = 0; k < filters; ) {
    const left = filters - k;
    const width = left >= lanes ? lanes : left > 4 ? 8 : 4;
    for (let c = 0; c < inputs; c++) {
      for (let lane = 0; lane < width; lane += 4) {
        transformFilter(source + <usize>c * rowBytes + (<usize>(k + lane) << 2), tapBytes, left - lane, target, placeBytes);
        target += 16;
      }
    }
    k += width;
  }
}

/** G g: rows a, (a + b + c) / 2, (a - b + c) / 2, c; then the same along the columns. */
function transformFilter(source: usize, tapBytes: usize, left: i32, target: usize, placeBytes: usize): void {
  const half = f32x4.splat(0.5);
  for (let column = 0; column < 3; column++) {
    const at = source + <usize>column * tapBytes;
    const a = loadFirst(at, left), b = loadFirst(at + tapBytes * 3, left), c = loadFirst(at + tapBytes * 6, left);
    const sum = f32x4.mul(f32x4.add(a, c), half), middle = f32x4.mul(b, half);
    // Three of a row's four places, until the columns are known.
    const to = target + <usize>column * placeBytes;
    v128.store(to, a);
    v128.store(to + placeBytes * 4, f32x4.add(sum, middle));
    v128.store(to + placeBytes * 8, f32x4.sub(sum, middle));
    v128.store(to + placeBytes * 12, c);
  }
  for (let row = 0; row < 4; row++) {
    const at = target + <usize>row * placeBytes * 4;
    const a = v128.load(at), b = v128.load(at + placeBytes), c = v128.load(at + placeBytes * 2);
    const sum = f32x4.mul(f32x4.add(a, c), half), middle = f32x4.mul(b, half);
    v128.store(at + placeBytes, f32x4.add(sum, middle));
    v128.store(at + placeBytes * 2, f32x4.sub(sum, middle));
    v128.store(at + placeBytes * 3, c);
  }
}

/** The filter of an input gradient, turned by half a turn: target[r, s, k, c] = source[2 - r, 2 - s, c, k]. */
export function turnFilters(source: usize, inputs: i32, filters: i32, target: usize): void {
  const matrix = inputs * filters;
  for (let tap = 0; tap < 9; tap++) {
    const from: usize = source + (<usize>((8 - tap) * matrix) << 2);
    for (let k = 0; k < filters; k++) {
      let at = from + (<usize>k << 2);
      for (let c = 0; c < inputs; c++) {
        store<f32>(target, load<f32>(at));
        at += <usize>filters << 2;
        target += 4;
      }
    }
  }
}
