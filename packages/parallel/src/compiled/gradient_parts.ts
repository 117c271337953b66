import type { SharedKernels } from "@convoy/core/training";
import { treeSum, type CompiledReplica } from "@convoy/tfjs/tape";
import { split } from "../plan/split.ts";
import type { CompiledTrainTask } from "./task.ts";

/** The shards of one worker: computes each, and adds those of a subtree in the order of the tree. */
export class GradientParts {
  readonly #task: CompiledTrainTask;
  readonly #replica: CompiledReplica;
  readonly #order: Int32Array;
  readonly #beat: () => void;
  /** One for each shard of the largest subtree but the first, whose vector is where the sum comes. */
  readonly #vectors: readonly Float32Array[];

  /** @param beat is called after each shard, to show that the worker lives */
  constructor(task: CompiledTrainTask, replica: CompiledReplica, order: Int32Array, beat: () => void) {
    const { plan } = task.run;
    this.#task = task;
    this.#replica = replica;
    this.#order = order;
    this.#beat = beat;
    const most = Math.max(...plan.owned[task.worker].map((at) => plan.subtrees[at].end - plan.subtrees[at].first));
    this.#vectors = Array.from({ length: most - 1 }, () => new Float32Array(task.layout.vector));
  }

  /** Writes the sum of each own subtree into its place. */
  compute(step: number, stepOfEpoch: number): void {
    const { run, worker, layout, memory } = this.#task;
    const start = stepOfEpoch * run.batchSize;
    const minibatchSize = Math.min(run.batchSize, run.data.count - start);
    const sizes = split(minibatchSize, run.plan.shards);
    for (const at of run.plan.owned[worker]) {
      const { first, end } = run.plan.subtrees[at];
      const total = new Float32Array(memory.buffer, layout.sums[at], layout.vector);
      const vectors = [total, ...this.#vectors.slice(0, end - first - 1)];
      for (let shard = first; shard < end; shard++) {
        const from = start + sizes.slice(0, shard).reduce((sum, size) => sum + size, 0);
        const samples = [...this.#order.subarray(from, from + sizes[shard])];
        const vector = vectors[shard - first];
        if (samples.length === 0) vector.fill(0);
        else {
          const { seed } = run;
          this.#replica.shard(run.data, { samples, minibatchSize, first: shard === 0, seed, step }, vector);
        }
        this.#beat();
      }
      treeSum(vectors);
    }
  }

  /**
   * Is it this worker's part of the minibatch that is not finite? The additions wrote over the parts, but the model is as
   * before, so they can be computed again.
   */
  areNotFinite(step: number, stepOfEpoch: number, kernels: SharedKernels): boolean {
    const { run, worker, layout } = this.#task;
    this.compute(step, stepOfEpoch);
    return run.plan.owned[worker].some((at) => kernels.finite(layout.sums[at], layout.loss + 1) === 0);
  }
}
