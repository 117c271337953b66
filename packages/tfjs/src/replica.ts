// What a thread loads that computes with one replica, of whatever kind: little, until it is known which.
import type { SequentialConfig } from "@convoy/core";
import {
  checkCapacity,
  createReplica as createPlannedReplica,
  type OperationRecorder,
  type PlannedSpec,
  type Replica,
} from "@convoy/core/replica";
import type { LayersSpec } from "./tape/layers_model.ts";

/**
 * What a replica computes and how, as plain data that can be posted to a thread.
 *
 * `planned` runs a Sequential through Convoy's kernels alone; `tape` runs the same network through tfjs; `layers` is any
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
 */
export async function createReplica(
  spec: ReplicaSpec,
  capacity: number,
  record?: OperationRecorder,
  beat?: () => void,
): Promise<Replica> {
  if (spec.kind !== "tape" && spec.kind !== "layers") return createPlannedReplica(spec, capacity, record, beat);
  checkCapacity(capacity);
  const { createTapeReplica } = await import("./tape/tape_replica.ts");
  return createTapeReplica(spec.kind === "tape" ? spec.model : spec, capacity, beat);
}
