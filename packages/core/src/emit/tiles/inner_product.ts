import type { Code, Local } from "../module/code.ts";
import { loadSplat, loadVectors, multiplyAdd } from "./simd.ts";

/** Inner steps without a loop around them. */
const unrolled = 24;
const stepsAtOnce = 2;

/** Sums in registers, and where their factors come from. */
export interface InnerProduct {
  /** [row][vector] */
  readonly sums: readonly (readonly Local[])[];
  /** Byte offsets from `a` of each row's values. */
  readonly offsets: readonly number[];
  /** Address of the values; one float of each row is multiplied with a row of the panel. */
  readonly a: Local;
  /** Address of the panel, [inner][vectors] without a gap. */
  readonly w: Local;
}

/** sums[t] += a[offsets[t] + step] · w[i] for the given byte offsets of steps, one panel row each. Moves nothing. */
export function emitSteps(code: Code, { sums, offsets, a, w }: InnerProduct, steps: readonly number[]): void {
  const factors = sums[0].map(() => code.local("v128"));
  const x = code.local("v128");
  for (const [i, step] of steps.entries()) {
    loadVectors(code, factors, w, i * factors.length * 16);
    for (const [t, row] of sums.entries()) {
      loadSplat(code, x, a, offsets[t] + step);
      multiplyAdd(code, row, x, factors);
    }
  }
  code.release("v128", ...factors, x);
}

/** sums[t] += Σ_i a[offsets[t] + 4i] · w[i]; `a` and `w` then point behind the last of the `inner` steps. */
export function emitInnerProduct(code: Code, product: InnerProduct, inner: number): void {
  const { sums, a, w } = product;
  const steps = (count: number): void => {
    emitSteps(
      code,
      product,
      Array.from({ length: count }, (_, i) => i * 4),
    );
    code.advance(a, a, count * 4).advance(w, w, count * sums[0].length * 16);
  };
  if (inner <= unrolled) {
    steps(inner);
    return;
  }
  code.repeat(Math.floor(inner / stepsAtOnce), () => steps(stepsAtOnce));
  if (inner % stepsAtOnce > 0) steps(inner % stepsAtOnce);
}

/** Whether a sum is so short that it is better written out whole, rows of taps and all. */
export function isShort(inner: number): boolean {
  return inner <= unrolled;
}
