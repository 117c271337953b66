import type { ParameterSpec } from "../src/network/layers/built_layer.ts";
import { relativeDistance } from "../src/engine/verify/reference/closeness.ts";
import type { NetworkKink, ReferenceGradient } from "../src/engine/verify/reference/network.ts";

/** Relative L2 distance that float32 has to keep, for each tensor. */
export const gradientTolerance = 1e-5;

/** The reference at some weights, following some alternatives. */
export type Evaluate = (weights: Float32Array | Float64Array, followed: readonly NetworkKink[]) => ReferenceGradient;

export interface Agreement {
  /** Distances of the tensors that disagree. */
  readonly off: Readonly<Record<string, number>>;
  /** Kinks in which the reference had to take the alternative. */
  readonly followed: readonly NetworkKink[];
  /** Tensors whose parts cancel one another so nearly that no float32 can keep the tolerance. */
  readonly cancelled: readonly string[];
}

/**
 * Compares a gradient with the reference's, tensor by tensor. Two things are no disagreement, and are counted:
 *
 * - decisions that float32 may take either way: the reference goes through its kinks and keeps the alternatives that
 *   bring it nearer;
 * - a tensor that in float64 itself moves by an eighth of the distance when the weights are off by one rounding to
 *   float32, because its parts cancel.
 */
export function agreementWithReference(
  gradient: Float32Array,
  parameters: readonly ParameterSpec[],
  weights: Float32Array,
  evaluate: Evaluate,
): Agreement {
  const reference = evaluate(weights, []);
  const followed: NetworkKink[] = [];
  let distances = tensorDistances(gradient, reference.gradient, parameters);
  for (const kink of reference.kinks) {
    if (beyond(distances).length === 0) break;
    followed.push(kink);
    const other = tensorDistances(gradient, evaluate(weights, followed).gradient, parameters);
    if (total(other) < 0.9 * total(distances)) distances = other;
    else followed.pop();
  }
  const far = beyond(distances);
  if (far.length === 0) return { off: {}, followed, cancelled: [] };
  const allowed = roundingTolerances(parameters, weights, followed, evaluate);
  const isOff = (name: string): boolean => !(distances[name] <= allowed[name]);
  return {
    off: Object.fromEntries(far.filter(isOff).map((name) => [name, distances[name]])),
    followed,
    cancelled: far.filter((name) => !isOff(name)),
  };
}

/** Relative distance of each tensor; tensors that are zero in `b` are compared absolutely. */
export function tensorDistances(
  a: Float32Array | Float64Array,
  b: Float32Array | Float64Array,
  parameters: readonly ParameterSpec[],
): Record<string, number> {
  return Object.fromEntries(
    parameters.map(({ name, offset, size }) => [
      name,
      relativeDistance(a.subarray(offset, offset + size), b.subarray(offset, offset + size)),
    ]),
  );
}

/** Eight times as far as the reference's own tensors move when each weight is off by half of its last float32 digit. */
export function roundingTolerances(
  parameters: readonly ParameterSpec[],
  weights: Float32Array,
  followed: readonly NetworkKink[],
  evaluate: Evaluate,
): Record<string, number> {
  const exact = evaluate(weights, followed).gradient;
  const largest: Record<string, number> = {};
  for (const period of [2, 3, 5, 7]) {
    const moved = Float64Array.from(
      weights,
      (weight, i) => weight * (1 + (i % period < period / 2 ? 1 : -1) * 2 ** -24),
    );
    const distances = tensorDistances(evaluate(moved, followed).gradient, exact, parameters);
    for (const [name, distance] of Object.entries(distances))
      largest[name] = Math.max(largest[name] ?? 0, 8 * distance);
  }
  return largest;
}

function beyond(distances: Readonly<Record<string, number>>): string[] {
  return Object.keys(distances).filter((name) => !(distances[name] <= gradientTolerance));
}

function total(distances: Readonly<Record<string, number>>): number {
  return Object.values(distances).reduce((sum, each) => sum + each, 0);
}
