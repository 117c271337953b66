import { divide, type Division } from "./division.ts";
import { claimedSlices, type Slice } from "./slices.ts";
import { split } from "./split.ts";

/** A step whose parts and slices are taken by whoever is free. Plain data, the same in every thread. */
export interface StepPlan {
  readonly shards: number;
  /** Workers that have a thread. */
  readonly workers: number;
  /** How many of them, the first ones, take part in each step; the others stand by. */
  readonly active: number;
  /** As large as keeps all active workers busy. */
  readonly coarse: Division;
  /** Smaller ones, for a machine that others use as well: who is put aside holds up less. */
  readonly fine: Division;
  /** Of the flat vector: each is reduced by one worker. */
  readonly slices: readonly Slice[];
}

export interface StepSize {
  /** Of a minibatch, 1 to 64. */
  readonly shards: number;
  /** Asked for, from 1. */
  readonly workers: number;
  /** Threads that can compute at the same time. */
  readonly cores: number;
  /** Of the vector that is summed: gradient, loss and right answers. */
  readonly floats: number;
  /** Shards that are computed at once; see `shardsAtOnce`. */
  readonly most: number;
  /** The same where parts are to be small; see `shardsInFinePart`. */
  readonly least: number;
}

export function planStep({ shards, workers: wanted, cores, floats, most, least }: StepSize): StepPlan {
  const workers = Math.min(wanted, shards);
  const active = Math.max(1, Math.min(workers, cores));
  return {
    shards,
    workers,
    active,
    coarse: divide(shards, active, workers - active, most),
    fine: divide(shards, active, workers - active, Math.min(least, most)),
    slices: claimedSlices(floats, active),
  };
}

/** The most parts that a step ever has. */
export function partsOf({ coarse, fine }: StepPlan): number {
  return Math.max(coarse.parts.length, fine.parts.length);
}

/** The most images that one part ever holds. */
export function largestPart({ coarse, shards }: StepPlan, batchSize: number): number {
  const sizes = split(batchSize, shards);
  return Math.max(...coarse.parts.map(({ first, end }) => sizes.slice(first, end).reduce((a, b) => a + b, 0)));
}
