import type { StepCost } from "@convoy/tfjs/tape";
import { defaultShards } from "../plan/shards.ts";

/** The most that one worker may lose by the shards: a part of the step. */
const mostLost = 0.1;

/**
 * How many shards a minibatch of a compiled model is cut into when the caller does not say: as many as cost one worker
 * about a tenth of the step more, and none for networks that threads would not help. It depends on the model and the batch
 * size alone, never on workers or machine, because the order in which shards are added decides the last bits of the weights.
 *
 *     min(1 + floor(0.1 · cost of all samples / cost of a shard), default for the batch size)
 */
export function shardsFor({ millisecondsPerSample, millisecondsPerShard }: StepCost, batchSize: number): number {
  const further = Math.floor((mostLost * millisecondsPerSample * batchSize) / millisecondsPerShard);
  return Math.min(1 + further, defaultShards(batchSize));
}
