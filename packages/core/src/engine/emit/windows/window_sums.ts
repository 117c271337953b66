import type { Code, Local } from "../module/code.ts";
import type { FilterShape } from "../tiles/filter_vectors.ts";
import { isShort } from "../tiles/inner_product.ts";
import { loadSplat, loadVectors, multiplyAdd, storeRow } from "../tiles/simd.ts";

/** Some filters over some registers of windows: sums in registers, and where their factors come from. */
export interface WindowSums {
  /** Byte offsets from `input` of each register's first window, and from `output` of its sums of the first filter. */
  readonly places: readonly { readonly input: number; readonly output: number }[];
  readonly input: Local;
  readonly output: Local;
  /** Bytes from a filter's sums to the next one's. */
  readonly channelStep: number;
  /** Addresses of the layer's weights, [R, S, K], and its bias. */
  readonly weights: Local;
  readonly bias: Local;
  /** The filters `first` to `first + filters - 1`. */
  readonly first: number;
  readonly filters: number;
}

/**
 * output[k, p] = finish(bias[k] + Σ in[p + r · tapStride + s] · w[r, s, k])
 *
 * @param unit vectors that the kernel works on together
 */
export function emitWindowSums(
  code: Code,
  shape: FilterShape,
  { places, input, output, channelStep, weights, bias, first, filters }: WindowSums,
  unit: number,
  finish: (sums: readonly Local[]) => void,
): void {
  const vectors = (count: number): Local[] => Array.from({ length: count }, () => code.local("v128"));
  /** [place][filter] */
  const sums = places.map(() => Array.from({ length: filters }, () => vectors(unit)));
  // The fewer of a tap's weights and windows stay in registers, while the others come one by one.
  const holdsWeights = filters < places.length;
  const x = vectors(holdsWeights ? filters : 1);
  const windows = Array.from({ length: holdsWeights ? 1 : places.length }, () => vectors(unit));
  const [a, w] = [code.local("i32"), code.local("i32")];
  for (const row of sums) {
    for (const [k, sum] of row.entries()) for (const vector of sum) loadSplat(code, vector, bias, (first + k) * 4);
  }
  code.advance(a, input, 0).advance(w, weights, first * 4);
  const step = (tap: number, weight: number): void => {
    const loadWeight = (target: Local, k: number): void => loadSplat(code, target, w, weight + k * 4);
    const loadWindows = (target: readonly Local[], i: number): void => {
      loadVectors(code, target, a, tap + places[i].input);
    };
    if (holdsWeights) {
      for (const [k, target] of x.entries()) loadWeight(target, k);
      for (const [i, row] of sums.entries()) {
        loadWindows(windows[0], i);
        for (const [k, sum] of row.entries()) multiplyAdd(code, sum, x[k], windows[0]);
      }
    } else {
      for (const [i, target] of windows.entries()) loadWindows(target, i);
      for (let k = 0; k < filters; k++) {
        loadWeight(x[0], k);
        for (const [i, target] of windows.entries()) multiplyAdd(code, sums[i][k], x[0], target);
      }
    }
  };
  const { taps, tapStride, segment, channels } = shape;
  const rowBytes = segment * channels * 4;
  const rowsAtOnce = isShort(taps * segment) ? taps : 1;
  code.repeat(taps / rowsAtOnce, () => {
    for (let r = 0; r < rowsAtOnce; r++) {
      for (let s = 0; s < segment; s++) step(r * tapStride + s * 4, r * rowBytes + s * channels * 4);
    }
    code.advance(a, a, rowsAtOnce * tapStride).advance(w, w, rowsAtOnce * rowBytes);
  });
  for (const [i, place] of places.entries()) {
    for (const [k, sum] of sums[i].entries()) {
      finish(sum);
      storeRow(code, output, (first + k) * channelStep + place.output, sum);
    }
  }
  code.release("i32", a, w);
  code.release("v128", ...sums.flat(2), ...x, ...windows.flat());
}
