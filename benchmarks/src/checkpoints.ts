import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { seedCnn, writeCheckpoint } from "@convoy/core";
import { fit, type CheckpointOptions } from "@convoy/parallel";
import { interleave } from "./interleave.ts";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";
import type { Workload } from "./workload.ts";

const rounds = 7;
/** The first one of a run is not counted: V8 still compiles the kernels in it. */
const epochs = 5;

/** How often a run is saved: the trainer's rhythm, and one that nobody needs. */
const rhythms: readonly { readonly name: string; readonly rhythm: Omit<CheckpointOptions, "save"> | undefined }[] = [
  { name: "no checkpoints", rhythm: undefined },
  { name: "each epoch and each 30 s", rhythm: { everySeconds: 30 } },
  { name: "each epoch and each 100 steps", rhythm: { everySteps: 100 } },
];

/** Training of the seed network on all cores, with checkpoints on the disk and without: from epoch's end to epoch's end. */
export async function benchmarkCheckpoints({ train, kernels }: Workload): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-checkpoints-"));
  const save: CheckpointOptions["save"] = (checkpoint) => writeCheckpoint(folder, checkpoint);
  try {
    const { samples, ratios } = await interleave([...rhythms.keys()], rounds, async (index) => {
      const { rhythm } = rhythms[index];
      const ends: number[] = [];
      await fit(seedCnn(), train, {
        epochs,
        kernels,
        onEvent: ({ event }) => event === "epoch" && ends.push(performance.now()),
        ...(rhythm === undefined ? {} : { checkpoint: { ...rhythm, save } }),
      });
      return ends.slice(1).map((end, i) => (train.labels.length / (end - ends[i])) * 1000);
    });
    const rows: Row[] = [];
    for (const [index, rates] of samples) {
      rows.push({ name: rhythms[index].name, unit: "images/s", ...summarize(rates) });
    }
    for (const [index, pairs] of ratios) {
      rows.push({ name: `${rhythms[index].name}, over none`, unit: "times", ...summarize(pairs) });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
