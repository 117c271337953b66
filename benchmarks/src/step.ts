import { createReplica, type ReplicaSpec } from "@convoy/tfjs/replica";
import { measure, type Measured } from "./measure.ts";
import type { Row } from "./result.ts";
import { median, summarize } from "./statistics.ts";
import { advance, minibatch, type Workload } from "./workload.ts";

const batchSizes = [16, 32, 64, 256];

/** The batch at which the tape and the forward pass are measured too. */
const comparedBatch = 64;

/**
 * The complete gradient step of one replica in one thread: parameters in, images gathered and normalised, forward, loss,
 * backward, shards summed, gradient out. The optimizer, which runs in the memory of all workers, is not in it. Beside it the
 * same through the tape, and the forward pass alone, as `predict` and `evaluate` run it.
 */
export async function benchmarkStep(workload: Workload): Promise<Row[]> {
  const planned = await Promise.all(batchSizes.map((batchSize) => step(workload, "planned", batchSize)));
  const tape = [await step(workload, "tape", comparedBatch)];
  const forward = await forwardPass(workload);
  const times = new Map([
    ...measure([...planned, forward], { rounds: 7, milliseconds: 400 }),
    ...measure(tape, { rounds: 2, milliseconds: 500, iterations: 5 }),
  ]);
  const rows: Row[] = [];
  for (const { name, replica, batchSize } of [...planned, forward, ...tape]) {
    const milliseconds = times.get(name)!;
    const rates = milliseconds.map((time) => (batchSize / time) * 1000);
    const microsecondsPerImage = (median(milliseconds) * 1000) / batchSize;
    rows.push({ name, unit: "images/s", ...summarize(rates), microsecondsPerImage, batchSize, replica });
  }
  return rows;
}

type MeasuredReplica = Measured & { readonly batchSize: number; readonly replica: string };

async function forwardPass({ model, kernels, store }: Workload): Promise<MeasuredReplica> {
  const spec = { kind: "planned", model: model.toJSON(), kernels, forwardOnly: true } as const;
  const replica = await createReplica(spec, comparedBatch);
  replica.load(model.getWeights());
  const logits = new Float32Array(comparedBatch * replica.classes);
  let start = 0;
  return {
    name: `forward, batch ${comparedBatch}`,
    batchSize: comparedBatch,
    replica: "planned",
    run() {
      replica.predict(store, start, comparedBatch, logits);
      start = start + 2 * comparedBatch > store.count ? 0 : start + comparedBatch;
    },
  };
}

async function step(workload: Workload, kind: "planned" | "tape", batchSize: number): Promise<MeasuredReplica> {
  const { model, kernels } = workload;
  const config = model.toJSON();
  const spec: ReplicaSpec = kind === "planned" ? { kind, model: config, kernels } : { kind, model: config };
  const replica = await createReplica(spec, batchSize);
  const parameters = model.getWeights();
  const out = new Float32Array(replica.parameterCount + 2);
  const part = minibatch(workload, batchSize);
  return {
    name: `${kind}, batch ${batchSize}`,
    batchSize,
    replica: kind,
    run() {
      replica.load(parameters);
      replica.gradient(part, out);
      advance(part);
    },
  };
}
