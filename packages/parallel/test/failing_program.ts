// Trains with one fault after the other, and prints the code of each error and what keeps the process alive after it.
import process from "node:process";
import { ParallelError } from "../src/errors.ts";
import { createTrainer } from "../src/fit/create_trainer.ts";
import { bands, smallNetwork } from "./small_network.ts";
import { hangLimit } from "./trainer_with_fault.ts";

const module = import.meta.resolve("./inject_faults.ts");
const told: { readonly code: string; readonly resources: readonly string[] }[] = [];
for (const kind of process.argv.slice(2)) {
  const replicaWrapper = { module, data: { kind, worker: 1, step: 3 } };
  const trainer = createTrainer({ replicaWrapper, ...hangLimit(kind) });
  try {
    await trainer(smallNetwork(), bands(640), { workers: 2, maxRestarts: 0 });
  } catch (error) {
    if (!(error instanceof ParallelError)) throw error;
    const resources = process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FSReq|File/.test(name));
    told.push({ code: error.code, resources });
  }
}
process.stdout.write(JSON.stringify(told));
