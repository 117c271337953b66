import type { SequentialConfig } from "../src/network/sequential_config.ts";
import type { ReplicaSpec } from "../src/create_replica.ts";

/** Everything that computes gradients. */
export const engines: Readonly<Record<string, (model: SequentialConfig) => ReplicaSpec>> = {
  planned: (model) => ({ kind: "planned", model }),
  "planned, wide": (model) => ({ kind: "planned", model, kernels: "wide" }),
  tape: (model) => ({ kind: "tape", model }),
};

/** tfjs adds up thousands of terms one after the other in float32; these keep their digits. */
export const plannedEngines: readonly string[] = ["planned", "planned, wide"];
