import type { MinibatchPart } from "@convoy/core/training";
import type { Division } from "../plan/division.ts";
import { split } from "../plan/split.ts";
import type { Run } from "./task.ts";

/** The images of one part, in every minibatch: made once, then only its numbers change. */
export interface StepPart {
  readonly part: MinibatchPart;
  readonly whole: Share;
  /** In the last, short minibatch. */
  readonly last: Share;
}

/** What a part gets of a minibatch. */
interface Share {
  /** First image in the minibatch. */
  readonly offset: number;
  readonly shardSizes: readonly number[];
  readonly images: number;
}

export function stepParts(run: Run, { parts }: Division, order: Int32Array): StepPart[] {
  const { plan, batchSize, store, seed } = run;
  const whole = split(batchSize, plan.shards);
  const last = split(store.count % batchSize, plan.shards);
  return parts.map(({ first, end }) => {
    const ofWhole = share(whole, first, end);
    const part = { store, order, start: 0, shardSizes: ofWhole.shardSizes, minibatchSize: 0, seed, step: 0 };
    return { part, whole: ofWhole, last: share(last, first, end) };
  });
}

/**
 * Turns a part to a minibatch.
 *
 * @param start of the minibatch in the epoch
 * @param images in the minibatch
 * @param step optimizer steps before this one
 * @returns how many of them the part has
 */
export function turnTo({ part, whole, last }: StepPart, run: Run, start: number, images: number, step: number): number {
  const own = images === run.batchSize ? whole : last;
  part.start = start + own.offset;
  part.shardSizes = own.shardSizes;
  part.minibatchSize = images;
  part.step = step;
  return own.images;
}

function share(sizes: readonly number[], first: number, end: number): Share {
  const shardSizes = sizes.slice(first, end);
  return { offset: total(sizes.slice(0, first)), shardSizes, images: total(shardSizes) };
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
