// Filters as Winograd's F(2×2, 3×3) wants them. See src/engine/emit/winograd/winograd.ts.
import { loadFirst } from "./lanes";
import { panelWidth } from "./pack";

/**
 * U = G g Gᵀ for every pair of channels: [3, 3, inputs, filters] → [side²][panel][inputs][lanes], panels as `packPanels`
 * lays them out; `side` is 4 for tiles of 2×2 outputs and 6 for 4×4; `placeBytes` from one of the places to the next.
 */
export function packWinograd(
  source: usize, inputs: i32, filters: i32, lanes: i32, target: usize, placeBytes: usize, side: i32,
): void {
  const rowBytes: usize = <usize>filters << 2;
  const tapBytes: usize = <usize>inputs * rowBytes;
  for (let k = 0; k < filters; ) {
    const left = filters - k;
    const width = panelWidth(left, lanes);
    for (let c = 0; c < inputs; c++) {
      for (let lane = 0; lane < width; lane += 4) {
        const from = source + <usize>c * rowBytes + (<usize>(k + lane) << 2);
        transformFilter(from, tapBytes, left - lane, target, placeBytes, side);
        target += 16;
      }
    }
    k += width;
  }
}

/** Along the columns, then along the rows. */
function transformFilter(
  source: usize, tapBytes: usize, left: i32, target: usize, placeBytes: usize, side: i32,
): void {
  const rowBytes = placeBytes * side;
  for (let column = 0; column < 3; column++) {
    const at = source + <usize>column * tapBytes;
    const a = loadFirst(at, left), b = loadFirst(at + tapBytes * 3, left), c = loadFirst(at + tapBytes * 6, left);
    // Three of a row's places, until the columns are known.
    spread(a, b, c, target + <usize>column * placeBytes, rowBytes, side);
  }
  for (let row = 0; row < side; row++) {
    const at = target + <usize>row * rowBytes;
    spread(v128.load(at), v128.load(at + placeBytes), v128.load(at + placeBytes * 2), at, placeBytes, side);
  }
}

/**
 * G g along one axis. Side 4: a, (a ± b + c) / 2, c. Side 6: a / 4, -(a ± b + c) / 6, a / 24 ± b / 12 + c / 6, c.
 */
// @ts-ignore: decorator
@inline
function spread(a: v128, b: v128, c: v128, to: usize, step: usize, side: i32): void {
  const scale: f32 = side == 4 ? 0.5 : -1.0 / 6.0;
  const sum = f32x4.mul(f32x4.add(a, c), f32x4.splat(scale)), middle = f32x4.mul(b, f32x4.splat(scale));
  v128.store(to + step, f32x4.add(sum, middle));
  v128.store(to + step * 2, f32x4.sub(sum, middle));
  if (side == 4) {
    v128.store(to, a);
    v128.store(to + step * 3, c);
    return;
  }
  const outer = f32x4.add(f32x4.mul(a, f32x4.splat(1.0 / 24.0)), f32x4.mul(c, f32x4.splat(1.0 / 6.0)));
  const inner = f32x4.mul(b, f32x4.splat(1.0 / 12.0));
  v128.store(to, f32x4.mul(a, f32x4.splat(0.25)));
  v128.store(to + step * 3, f32x4.add(outer, inner));
  v128.store(to + step * 4, f32x4.sub(outer, inner));
  v128.store(to + step * 5, c);
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
