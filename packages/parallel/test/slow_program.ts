// Trains for some seconds on two workers, one of which is slow, and prints the fingerprint of the weights.
import process from "node:process";
import { createTrainer } from "../src/fit/create_trainer.ts";
import { bands, smallNetwork } from "./small_network.ts";

const data = { kind: "slow", worker: 1, step: -1 };
const trainer = createTrainer({ replicaWrapper: { module: import.meta.resolve("./inject_faults.ts"), data } });
const { weightsSha256 } = await trainer(smallNetwork(), bands(640), {
  epochs: 10,
  workers: 2,
  onEvent: ({ event }) => event === "start" && process.stdout.write("started\n"),
});
process.stdout.write(`${weightsSha256}\n`);
