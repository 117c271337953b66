// Trains with a fault and prints the code of the error and what still keeps the process alive.
import process from "node:process";
import { ParallelError } from "../src/errors.ts";
import { createTrainer } from "../src/fit/create_trainer.ts";
import { bands, smallNetwork } from "./small_network.ts";

const data = { kind: process.argv[2], worker: 1, step: 3 };
const replicaWrapper = { module: import.meta.resolve("./inject_faults.ts"), data };
const trainer = createTrainer({ replicaWrapper, hangMilliseconds: 2000 });
try {
  await trainer(smallNetwork(), bands(640), { workers: 2, maxRestarts: 0 });
} catch (error) {
  if (!(error instanceof ParallelError)) throw error;
  const resources = process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FSReq|File/.test(name));
  process.stdout.write(JSON.stringify({ code: error.code, resources }));
}
