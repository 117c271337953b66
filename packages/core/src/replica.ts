// What a thread loads that computes with one replica: a third of the package. To load the rest takes a thread longer than
// to plan a network.
export { instantiateSharedKernels } from "./engine/backend/shared_kernels.ts";
export type { SharedKernels } from "./engine/backend/shared_kernels.ts";
export { applyOptimizer } from "./engine/optimizers/apply.ts";
export type { OptimizerSlice } from "./engine/optimizers/apply.ts";
export { checkCapacity, createReplica } from "./engine/step/create_replica.ts";
export type { OperationRecorder } from "./engine/step/operations/timed_operation.ts";
export type { PlannedSpec } from "./engine/step/planned_spec.ts";
export type { MinibatchPart, Replica } from "./engine/step/replica.ts";
export { CoreError } from "./errors.ts";
export { score } from "./network/metrics/score.ts";
export { stateCount } from "./network/optimizers/optimizers.ts";
export { permutation } from "./network/random/permutation.ts";
export { mix, randomUint32 } from "./network/random/random_uint32.ts";
