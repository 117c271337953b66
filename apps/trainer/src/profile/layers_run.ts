import { setImmediate as breath } from "node:timers/promises";
import {
  applyOptimizer,
  createImageStore,
  createReplica,
  instantiateSharedKernels,
  permutation,
  weightsSha256,
  type ImageData,
  type KernelVariant,
  type OperationPart,
  type Sequential,
  type SgdOptimizer,
} from "@convoy/core/training";
import { Laps } from "./laps.ts";

/** What is trained for a profile, and how long. */
export interface ProfiledTraining {
  readonly model: Sequential;
  /** As many images as the steps take. */
  readonly data: ImageData;
  readonly kernels: KernelVariant;
  readonly optimizer: SgdOptimizer;
  readonly batchSize: number;
  /** Images in each shard of a minibatch. */
  readonly shardSizes: readonly number[];
  readonly seed: number;
  readonly steps: number;
  /** Steps at the start that are done, but not counted. */
  readonly uncounted: number;
}

/** Parts of a step beside those of the operations. */
export const otherParts = {
  pack: "pack weights",
  rest: "other: gather, loss, sums",
  optimizer: "optimizer",
  step: "whole step",
} as const;

/** The lap of one part of one operation. */
export function lapName(operation: string, part: OperationPart): string {
  return `${operation}/${part}`;
}

/** A cache line, and a page of WebAssembly's memory. */
const alignment = 64;
const pageBytes = 65_536;
/** Ctrl-C is heard so often. */
const stepsBetweenBreaths = 10;

/**
 * Trains in this thread alone, with a clock around each part of each operation. It is the training of `fit` bit for bit,
 * so that routed gradients find as many zeros as they would there.
 */
export async function profileLayers(
  training: ProfiledTraining,
  signal: AbortSignal,
): Promise<{ laps: Laps; weightsSha256: string }> {
  const { model, data, kernels: variant, optimizer, batchSize, shardSizes, seed, steps, uncounted } = training;
  const laps = new Laps(steps, uncounted, otherParts.step);
  let recorded = 0;
  const replica = await createReplica(
    { kind: "planned", model: model.toJSON(), kernels: variant },
    batchSize,
    (operation, part, milliseconds) => {
      laps.add(part === "pack" ? otherParts.pack : lapName(operation, part), milliseconds);
      recorded += milliseconds;
    },
  );
  const count = model.parameterCount;
  const vector = Math.ceil(((count + 2) * 4) / alignment) * alignment;
  const [gradient, ...places] = Array.from({ length: 5 }, (_, i) => i * vector);
  const pages = Math.ceil((5 * vector) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const shared = instantiateSharedKernels(memory);
  const sum = new Float32Array(memory.buffer, gradient, count + 2);
  const weights = [places[0], places[1]].map((address) => new Float32Array(memory.buffer, address, count));
  weights[0].set(model.getWeights());
  const store = createImageStore(data, model.classes);
  const order = permutation(seed, 0, store.count);
  try {
    for (let step = 0; step < steps; step++) {
      if (step % stepsBetweenBreaths === 0) await breath();
      signal.throwIfAborted();
      const [from, to] = [step % 2, (step + 1) % 2];
      recorded = 0;
      const start = performance.now();
      replica.load(weights[from]);
      const part = { store, order, start: step * batchSize, shardSizes, minibatchSize: batchSize, seed, step };
      replica.gradient(part, sum);
      const computed = performance.now();
      applyOptimizer(optimizer, shared, {
        gradient,
        parameters: places[from],
        nextParameters: places[to],
        state: [places[2 + from]],
        nextState: [places[2 + to]],
        count,
        step: step + 1,
      });
      const end = performance.now();
      laps.add(otherParts.rest, computed - start - recorded);
      laps.add(otherParts.optimizer, end - computed);
      laps.add(otherParts.step, end - start);
      laps.endStep();
    }
    return { laps, weightsSha256: weightsSha256(weights[steps % 2].slice()) };
  } finally {
    replica.dispose();
  }
}
