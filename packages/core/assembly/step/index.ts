export { packPanels, packPanelsTransposed, packFilters, unpackFilters } from "./pack";
export { columnSums } from "./bias_gradient";
export { listRoutes } from "./routes";
export { maxPool, maxPoolGradient, averagePool, averagePoolGradient } from "./pool";
export { relu, gateGradient, dropout } from "./elementwise";
export { normalizeBytes, copyFloats } from "./input";
export { softmaxCrossEntropy } from "./loss";
export { addVectors, fillZero } from "./sum";
export { packWinograd, turnFilters } from "./winograd";
