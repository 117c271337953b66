import { CoreError } from "../../errors.ts";
import { shown } from "../../network/printable.ts";
import type { OperationRecorder } from "./operations/timed_operation.ts";
import type { PlannedSpec } from "./planned_spec.ts";
import type { Replica } from "./replica.ts";

/**
 * Makes one copy of a network in this thread. Its parameters are undefined until `load`.
 *
 * @param spec what to compute, as plain data that can be posted to a thread
 * @param capacity the most images that one call will bring, from 1
 * @param record for profiles: told how long each part of each operation took
 * @param beat called between any two operations: a pass of a large network takes minutes, and shows so that it goes on
 *
 * @throws `REPLICA_CAPACITY` and `REPLICA_SPEC` for impossible arguments
 *
 * @example
 * const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 64)
 * replica.load(model.getWeights())
 */
export async function createReplica(
  spec: PlannedSpec,
  capacity: number,
  record?: OperationRecorder,
  beat?: () => void,
): Promise<Replica> {
  checkCapacity(capacity);
  const { kind }: { kind: unknown } = spec;
  if (kind !== "planned") throw new CoreError("REPLICA_SPEC", `kind must be "planned"; got ${shown(kind)}.`);
  // tfjs and the kernels are loaded on first use, so that importing the package does nothing.
  const { createPlannedReplica } = await import("./planned_replica.ts");
  return createPlannedReplica(spec, capacity, record, beat);
}

/** @throws `REPLICA_CAPACITY` */
export function checkCapacity(capacity: number): void {
  if (Number.isInteger(capacity) && capacity >= 1) return;
  throw new CoreError(
    "REPLICA_CAPACITY",
    `capacity is the most images that one call brings, a whole number from 1; got ${shown(capacity)}.`,
  );
}
