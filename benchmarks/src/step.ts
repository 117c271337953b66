import { createReplica, type ReplicaSpec } from "@convoy/core";
import { measure, type Measured } from "./measure.ts";
import type { Row } from "./result.ts";
import { median, summarize } from "./statistics.ts";
import { advance, minibatch, type Workload } from "./workload.ts";

const batchSizes = [16, 32, 64, 256];

/**
 * The complete gradient step of one replica in one thread: parameters in, images gathered and normalised, forward, loss,
 * backward, shards summed, gradient out. The optimizer, which runs in the memory of all workers, is not in it.
 */
export async function benchmarkStep(workload: Workload): Promise<Row[]> {
  const planned = await Promise.all(batchSizes.map((batchSize) => step(workload, "planned", batchSize)));
  const tape = [await step(workload, "tape", 64)];
  const times = new Map([
    ...measure(planned, { rounds: 7, milliseconds: 400 }),
    ...measure(tape, { rounds: 2, milliseconds: 500, iterations: 5 }),
  ]);
  const rows: Row[] = [];
  for (const { name, replica, batchSize } of [...planned, ...tape]) {
    const milliseconds = times.get(name)!;
    const rates = milliseconds.map((time) => (batchSize / time) * 1000);
    const microsecondsPerImage = (median(milliseconds) * 1000) / batchSize;
    rows.push({ name, unit: "images/s", ...summarize(rates), microsecondsPerImage, batchSize, replica });
  }
  return rows;
}

async function step(
  workload: Workload,
  kind: "planned" | "tape",
  batchSize: number,
): Promise<Measured & { batchSize: number; replica: string }> {
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
