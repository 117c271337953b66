import {
  createImageStore,
  type ImageStore,
  type KernelVariant,
  type MinibatchPart,
  permutation,
  seedCnn,
  type Sequential,
} from "@convoy/core/training";
import { type ImageSet, loadDataset } from "@convoy/datasets";
import { defaultShards } from "@convoy/parallel";

/** What every benchmark runs: the seed program's network on the real MNIST. */
export interface Workload {
  readonly model: Sequential;
  readonly train: ImageSet;
  readonly store: ImageStore;
  readonly order: Int32Array;
  readonly kernels: KernelVariant;
}

/** @throws DatasetError when MNIST cannot be loaded */
export async function loadWorkload(kernels: KernelVariant): Promise<Workload> {
  const { train, classes } = await loadDataset("mnist");
  const store = createImageStore(train, classes);
  return { model: seedCnn(), train, store, order: permutation(1, 0, store.count), kernels };
}

/** One whole minibatch, with the shards that training gives it. */
export function minibatch({ store, order }: Pick<Workload, "store" | "order">, batchSize: number): MinibatchPart {
  const shards = defaultShards(batchSize);
  const shardSizes = Array.from(
    { length: shards },
    (_, i) => Math.floor(((i + 1) * batchSize) / shards) - Math.floor((i * batchSize) / shards),
  );
  return { store, order, start: 0, shardSizes, minibatchSize: batchSize, seed: 1, step: 0 };
}

/** Goes to the next minibatch of the epoch; the first one comes after the last whole one. */
export function advance(part: MinibatchPart): void {
  part.step++;
  part.start += part.minibatchSize;
  if (part.start + part.minibatchSize > part.order.length) part.start = 0;
}
