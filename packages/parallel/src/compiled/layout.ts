import type { ReplicaDescription } from "@convoy/tfjs/tape";
import { Addresses, checkMemory } from "../plan/addresses.ts";
import type { DealtPlan } from "../plan/dealt_plan.ts";
import { slices, type Slice } from "../plan/slices.ts";

/** Byte addresses in the memory that all threads share. */
export interface CompiledLayout {
  readonly bytes: number;
  /** Floats of a shard's vector, and where in it the loss stands; the metrics follow. */
  readonly vector: number;
  readonly loss: number;
  /** How many numbers a step has for the history: the loss and each metric. */
  readonly values: number;
  /** The weights that change, after an even and after an odd number of steps: one is whole while the other is written. */
  readonly weights: readonly [number, number];
  readonly weightCount: number;
  /** What the optimizer remembers, slot after slot, and an int32 of how many steps it has counted; likewise. */
  readonly state: readonly [number, number];
  readonly stateCount: number;
  readonly stateSteps: readonly [number, number];
  /** A vector a subtree. */
  readonly sums: readonly number[];
  /** `values` float32 a step of the epoch. */
  readonly records: number;
  /** `values` float32 a minibatch of the validation data. */
  readonly scores: number;
  /** What each worker adds of the vector, and what it publishes of the weights and of the optimizer's state. */
  readonly vectorSlices: readonly Slice[];
  readonly weightSlices: readonly Slice[];
  readonly stateSlices: readonly Slice[];
}

/**
 * Lays out weights, the optimizer's state, partial sums and results.
 *
 * @param weightCount numbers that a step changes
 * @throws `MEMORY_LIMIT` when they are more than WebAssembly can address, or than this machine has
 */
export function planCompiledLayout(
  { gradients, statistics, values: { length: values }, slots = [] }: ReplicaDescription,
  weightCount: number,
  plan: DealtPlan,
  stepsPerEpoch: number,
  validationBatches: number,
): CompiledLayout {
  const addresses = new Addresses(0);
  const loss = gradients + statistics;
  const vector = loss + values;
  const stateCount = slots.reduce((sum, { size }) => sum + size, 0);
  const twice = (bytes: number): readonly [number, number] => [addresses.take(bytes), addresses.take(bytes)];
  const layout = {
    vector,
    loss,
    values,
    weights: twice(weightCount * 4),
    weightCount,
    state: twice(stateCount * 4),
    stateCount,
    stateSteps: twice(4),
    sums: plan.subtrees.map(() => addresses.take(vector * 4)),
    records: addresses.take(stepsPerEpoch * values * 4),
    scores: addresses.take(validationBatches * values * 4),
    vectorSlices: slices(vector, plan.workers),
    weightSlices: slices(weightCount, plan.workers),
    stateSlices: slices(stateCount, plan.workers),
  } as const;
  const { bytes } = addresses;
  checkMemory(bytes, `${weightCount} weights and ${plan.subtrees.length} partial sums`);
  return { bytes, ...layout };
}
