export { convolve } from "./convolve";
export { packPanels, packPanelsTransposed, packFilters, unpackFilters } from "./pack";
export { weightGradient, columnSums } from "./weight_gradient";
export { listRoutes, routedWeightGradient, routedInputGradient } from "./routed_gradient";
export { maxPool, maxPoolGradient, averagePool, averagePoolGradient } from "./pool";
export { relu, gateGradient, dropout } from "./elementwise";
export { normalizeBytes, copyFloats } from "./input";
export { softmaxCrossEntropy } from "./loss";
export { addVectors, fillZero } from "./sum";
