import { shown } from "./network/printable.ts";
import { CoreError } from "./errors.ts";
import type { SequentialConfig } from "./network/sequential_config.ts";
import type { LayersSpec } from "./tape/index.ts";
import type { PlannedSpec } from "./engine/step/planned_spec.ts";
import type { Replica } from "./engine/step/replica.ts";
import type { OperationRecorder } from "./engine/step/operations/timed_operation.ts";

/**
 * What a replica computes and how, as plain data that can be posted to a thread.
 *
 * `planned` runs a Sequential through our kernels alone; `tape` runs the same network through tfjs; `layers` is any
 * tfjs-layers model, given by the JSON of its topology.
 */
export type ReplicaSpec = PlannedSpec | { readonly kind: "tape"; readonly model: SequentialConfig } | LayersSpec;

/**
 * Makes one copy of a network in this thread. Its parameters are undefined until `load`.
 *
 * @param spec what to compute, and through which engine
 * @param capacity the most images that one call will bring, from 1
 * @param record for profiles of a planned replica: told how long each part of each operation took
 * @param beat called between any two operations: a pass of a large network takes minutes, and shows so that it goes on
 *
 * @throws `REPLICA_CAPACITY` and `REPLICA_SPEC` for impossible arguments
 *
 * @example
 * const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 64)
 * replica.load(model.getWeights())
 */
export async function createReplica(
  spec: ReplicaSpec,
  capacity: number,
  record?: OperationRecorder,
  beat?: () => void,
): Promise<Replica> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new CoreError(
      "REPLICA_CAPACITY",
      `capacity is the most images that one call brings, a whole number from 1; got ${shown(capacity)}.`,
    );
  }
  // tfjs and the kernels are loaded on first use, so that importing the package does nothing.
  switch (spec.kind) {
    case "planned": {
      const { createPlannedReplica } = await import("./engine/step/planned_replica.ts");
      return createPlannedReplica(spec, capacity, record, beat);
    }
    case "tape": {
      const { createTapeReplica } = await import("./tape/index.ts");
      return createTapeReplica(spec.model, capacity, beat);
    }
    case "layers": {
      const { createTapeReplica } = await import("./tape/index.ts");
      return createTapeReplica({ topology: spec.topology }, capacity, beat);
    }
    default: {
      const { kind } = spec as { kind: unknown };
      throw new CoreError("REPLICA_SPEC", `kind must be "planned", "tape" or "layers"; got ${shown(kind)}.`);
    }
  }
}
