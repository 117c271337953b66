import type { SharedKernels } from "../backend/shared_kernels.ts";
import { mostScalars } from "../../network/optimizers/optimizer_kind.ts";
import { type Optimizer, rulesOf } from "../../network/optimizers/optimizers.ts";

/** Where the vectors of one slice lie: byte addresses in the kernels' memory, multiples of 4. */
export interface OptimizerSlice {
  readonly gradient: number;
  /** Another gradient, to which that one is added before it is used. */
  readonly addend?: number | undefined;
  readonly parameters: number;
  readonly nextParameters: number;
  /** As many addresses as `stateOf(optimizer)` has names. */
  readonly state: readonly number[];
  readonly nextState: readonly number[];
  /** Floats in the slice. */
  readonly count: number;
  /** Optimizer step, counted from 1. */
  readonly step: number;
}

/** One for all calls: a step makes no garbage. */
const scalars = new Float64Array(mostScalars);

/**
 * One optimizer step on a slice: reads parameters and state, writes the next parameters and the next state.
 *
 * What was read stays as it was, so that an interrupted step can be done again.
 *
 * @returns whether all of the next parameters are finite; after a gradient that is not, they are not either
 */
export function applyOptimizer(optimizer: Optimizer, kernels: SharedKernels, slice: OptimizerSlice): boolean {
  const { gradient, addend = 0, parameters, nextParameters, state, nextState, count, step } = slice;
  rulesOf(optimizer).scalars(optimizer, step, scalars);
  // By index: to take an array apart makes an iterator.
  const finite = kernels[optimizer.kind](
    gradient,
    addend,
    parameters,
    state[0] ?? 0,
    state[1] ?? 0,
    nextParameters,
    nextState[0] ?? 0,
    nextState[1] ?? 0,
    count,
    scalars[0],
    scalars[1],
    scalars[2],
    scalars[3],
    scalars[4],
    scalars[5],
    scalars[6],
  );
  return finite !== 0;
}
