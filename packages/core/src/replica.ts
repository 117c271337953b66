// What a thread loads that computes with one replica: a third of the package. To load the rest takes a thread longer than
// to plan a network.
export { instantiateSharedKernels } from "./engine/backend/shared_kernels.ts";
export type { SharedKernels } from "./engine/backend/shared_kernels.ts";
export { score } from "./network/metrics/score.ts";
export { applyOptimizer } from "./engine/optimizers/apply.ts";
export type { OptimizerSlice } from "./engine/optimizers/apply.ts";
export { stateCount } from "./network/optimizers/optimizer.ts";
export { permutation } from "./network/random/permutation.ts";
export { createReplica } from "./create_replica.ts";
export type { Replica } from "./engine/step/replica.ts";
