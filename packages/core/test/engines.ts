import { createReplica } from "../src/engine/step/create_replica.ts";
import type { Replica } from "../src/engine/step/replica.ts";
import type { SequentialConfig } from "../src/network/sequential_config.ts";

/** Makes a replica of a network that has room for so many images. */
export type Engine = (model: SequentialConfig, capacity: number) => Promise<Replica>;

/** Everything in this package that computes gradients. */
export const plannedEngines: Readonly<Record<string, Engine>> = {
  planned: async (model, capacity) => createReplica({ kind: "planned", model }, capacity),
  "planned, wide": async (model, capacity) => createReplica({ kind: "planned", model, kernels: "wide" }, capacity),
};
