// Trains in steps of 0.3 seconds, saves what is more than ten minutes old into a folder, and tells events as JSON.
import process from "node:process";
import { writeCheckpoint } from "../packages/core/src/index.ts";
import { createTrainer } from "../packages/parallel/src/fit/create_trainer.ts";
import { bands, smallNetwork } from "../packages/parallel/test/small_network.ts";

const tell = (event: unknown): boolean => process.stdout.write(`${JSON.stringify(event)}\n`);
const data = { kind: "slow", worker: 1, step: -1, milliseconds: 300 };
const module = new URL("../packages/parallel/test/inject_faults.ts", import.meta.url).href;
const { weightsSha256 } = await createTrainer({ replicaWrapper: { module, data } })(smallNetwork(), bands(512), {
  epochs: 1,
  workers: 2,
  onEvent: tell,
  checkpoint: {
    everyEpochs: 1000,
    everySeconds: 600,
    save: async (checkpoint) => {
      await writeCheckpoint(process.argv[2], checkpoint);
      tell({ event: "saved", step: checkpoint.step });
    },
  },
});
tell({ event: "end", weightsSha256 });
