import type { SharedKernels } from "../backend/shared_kernels.ts";
import type { Optimizer } from "../../network/optimizers/optimizer.ts";

/** Where the vectors of one slice lie: byte addresses in the kernels' memory, multiples of 4. */
export interface OptimizerSlice {
  readonly gradient: number;
  /** Another gradient, to which that one is added before it is used. */
  readonly addend?: number | undefined;
  readonly parameters: number;
  readonly nextParameters: number;
  /** `stateCount(optimizer)` addresses: the velocity, or Adam's m and v. */
  readonly state: readonly number[];
  readonly nextState: readonly number[];
  /** Floats in the slice. */
  readonly count: number;
  /** Optimizer step, counted from 1. */
  readonly step: number;
}

/**
 * One optimizer step on a slice: reads parameters and state, writes the next parameters and the next state.
 *
 * What was read stays as it was, so that an interrupted step can be done again.
 *
 * @returns whether all of the next parameters are finite; after a gradient that is not, they are not either
 */
export function applyOptimizer(optimizer: Optimizer, kernels: SharedKernels, slice: OptimizerSlice): boolean {
  const { gradient, addend = 0, parameters, nextParameters, state, nextState, count, step } = slice;
  if (optimizer.kind === "sgd") {
    const { learningRate, momentum, weightDecay, nesterov } = optimizer;
    // By index: to take an array apart makes an iterator, and a step makes no garbage.
    const velocity = state[0] ?? 0;
    const nextVelocity = nextState[0] ?? 0;
    const finite = kernels.sgd(
      gradient,
      addend,
      parameters,
      velocity,
      nextParameters,
      nextVelocity,
      count,
      learningRate,
      momentum,
      weightDecay,
      nesterov ? 1 : 0,
    );
    return finite !== 0;
  }
  const { learningRate, beta1, beta2, epsilon, weightDecay } = optimizer;
  const finite = kernels.adam(
    gradient,
    addend,
    parameters,
    state[0],
    state[1],
    nextParameters,
    nextState[0],
    nextState[1],
    count,
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay,
    1 - power(beta1, step),
    1 - power(beta2, step),
  );
  return finite !== 0;
}

/** By squaring, not by `Math.pow`: engines may round that differently, and the bits of a run must not depend on them. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
