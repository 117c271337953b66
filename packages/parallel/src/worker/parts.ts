import type { MinibatchPart } from "@convoy/core/training";
import { split } from "../plan/split.ts";
import type { Run } from "./task.ts";

/** The images of one subtree, in every minibatch: made once, then only its numbers change. */
export interface SubtreePart {
  readonly part: MinibatchPart;
  /** Where its vector lies in the list of sums. */
  readonly at: number;
  readonly whole: Share;
  /** In the last, short minibatch. */
  readonly last: Share;
}

/** What a subtree gets of a minibatch. */
export interface Share {
  /** First image in the minibatch. */
  readonly offset: number;
  readonly shardSizes: readonly number[];
  readonly images: number;
}

export function subtreeParts(run: Run, worker: number, order: Int32Array): SubtreePart[] {
  const { plan, batchSize, store, seed } = run;
  const whole = split(batchSize, plan.shards);
  const last = split(store.count % batchSize, plan.shards);
  return plan.owned[worker].map((at) => {
    const { first, end } = plan.subtrees[at];
    const ofWhole = share(whole, first, end);
    const part = { store, order, start: 0, shardSizes: ofWhole.shardSizes, minibatchSize: 0, seed, step: 0 };
    return { at, part, whole: ofWhole, last: share(last, first, end) };
  });
}

function share(sizes: readonly number[], first: number, end: number): Share {
  const shardSizes = sizes.slice(first, end);
  return { offset: total(sizes.slice(0, first)), shardSizes, images: total(shardSizes) };
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
