import type { Code, Local } from "../module/code.ts";
import { loadSplat, loadVectors, multiplyAdd } from "./simd.ts";
import { type PanelVectors, registers, registersOf } from "./tiling.ts";

/** The most inner steps without a loop around them. */
const unrolled = 24;
/** Steps in a loop where there are more. */
const stepsAtOnce = 2;

/** Beside so few registers of sums, it is values that go to the stack: reading them there costs no more than loading them. */
const fewSums = 8;

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
  readonly panelVectors: PanelVectors;
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
    emitSteps(code, product, stepsOf(count));
    code.advance(a, a, count * 4).advance(w, w, count * sums[0].length * 16);
  };
  const atOnce = [inner, stepsAtOnce].find((count) => fitsUnrolled(product, stepsOf(count))) ?? 1;
  code.repeat(Math.floor(inner / atOnce), () => steps(atOnce));
  if (inner % atOnce > 0) steps(inner % atOnce);
}

function stepsOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i * 4);
}

/**
 * Whether so many steps are better written out whole. What rows and steps read more than once, V8 loads once and holds
 * until it is read for the last time: that must leave the sums their registers, or they go to the stack and back.
 */
export function fitsUnrolled({ sums, offsets, panelVectors }: InnerProduct, steps: readonly number[]): boolean {
  if (!isShort(steps.length)) return false;
  const inRow = registersOf(sums[0].length, panelVectors);
  const inSums = sums.length * inRow;
  return inSums <= fewSums || inSums + inRow + valuesHeld(offsets, steps) <= registers;
}

/** Whether a sum is so short that it is better written out whole, if its values leave room for that. */
export function isShort(inner: number): boolean {
  return inner <= unrolled;
}

/** The most values that are held at once if each is loaded when it is read first and kept until it is read last. */
export function valuesHeld(offsets: readonly number[], steps: readonly number[]): number {
  const reads = steps.flatMap((step) => offsets.map((offset) => offset + step));
  const last = new Map(reads.map((value, i) => [value, i]));
  const held = new Set<number>();
  let most = 0;
  for (const [i, value] of reads.entries()) {
    held.add(value);
    most = Math.max(most, held.size);
    if (last.get(value) === i) held.delete(value);
  }
  return most;
}
