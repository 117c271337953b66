import type { Code, Local } from "../module/code.ts";
import { simd } from "./simd.ts";

/** Index of a pool's winner whose gradient the activation stops: nobody's. */
const nobody = -1;

/** targets = min(max(targets, 0), most); NaN stays NaN. @param most Infinity for no limit; undefined: they stay */
export function clip(code: Code, targets: readonly Local[], most: number | undefined): void {
  if (most === undefined) return;
  for (const target of targets) code.get(target).vectorConstant([0, 0, 0, 0]).simd(simd.pmax).set(target);
  if (most === Infinity) return;
  for (const target of targets) code.get(target).vectorConstant(everyLane(most)).simd(simd.pmin).set(target);
}

/**
 * The same with maxima of pools; nobody has won where the slope is 0, at 0 and at `most`. A maximum that is NaN stays, and so
 * does its winner: a NaN must travel on.
 */
export function clipMaxima(
  code: Code,
  maxima: readonly Local[],
  winners: readonly Local[],
  most: number | undefined,
): void {
  if (most === undefined) return;
  const stop = (bound: number, comparison: number): void => {
    for (const [n, winner] of winners.entries()) {
      code.get(maxima[n]).vectorConstant(everyLane(bound)).simd(comparison).get(winner).simd(simd.or).set(winner);
    }
  };
  stop(0, simd.f32Le);
  if (most < Infinity) stop(most, simd.f32Ge);
  clip(code, maxima, most);
}

/** Zeros gradients of pools that nobody has won. */
export function keepWon(code: Code, gradients: readonly Local[], winners: readonly Local[]): void {
  for (const [n, gradient] of gradients.entries()) {
    code.get(gradient).get(winners[n]).vectorConstant([nobody, nobody, nobody, nobody]).simd(simd.i32Eq);
    code.simd(simd.andNot).set(gradient);
  }
}

/** The bits of a float32 in each lane. */
function everyLane(value: number): readonly number[] {
  const [bits] = new Int32Array(Float32Array.of(value).buffer);
  return [bits, bits, bits, bits];
}
