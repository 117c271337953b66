export { packPanels, packPanelsTransposed, transposePanels, packFilters, unpackFilters } from "./pack";
export { columnSums } from "./bias_gradient";
export { listRoutes } from "./routes";
export { clip, gateGradient, dropout } from "./elementwise";
export { normalizeBytes, copyFloats } from "./input";
export { softmaxCrossEntropy } from "./loss";
export { fillZero } from "./fill";
export { add } from "../shared/add";
export { packWinograd, turnFilters } from "./winograd";
