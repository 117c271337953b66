// What a thread loads that computes with one replica: a third of the package. To load the rest takes a thread longer than
// to plan a network.
export { instantiateSharedKernels } from "./backend/shared_kernels.ts";
export type { SharedKernels } from "./backend/shared_kernels.ts";
export { score } from "./metrics/score.ts";
export { applyOptimizer } from "./optimizers/apply.ts";
export type { OptimizerSlice } from "./optimizers/apply.ts";
export { stateCount } from "./optimizers/optimizer.ts";
export { permutation } from "./random/permutation.ts";
export { createReplica } from "./create_replica.ts";
export type { Replica } from "./step/replica.ts";
