import { existsSync } from "node:fs";
import type { SequentialConfig } from "../src/model/sequential.ts";
import type { ReplicaSpec } from "../src/step/create_replica.ts";

/** Everything that computes gradients. */
export const engines: Readonly<Record<string, (model: SequentialConfig) => ReplicaSpec>> = {
  planned: (model) => ({ kind: "planned", model }),
  "planned, wide": (model) => ({ kind: "planned", model, kernels: "wide" }),
  ...(existsSync(new URL("../src/tape/index.ts", import.meta.url)) && { tape: (model) => ({ kind: "tape", model }) }),
};
