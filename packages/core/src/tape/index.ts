export { layersModelSpec, setLayersModelWeights, type LayersModelSpec } from "./layers_model.ts";
export { createTapeReplica } from "./tape_replica.ts";
