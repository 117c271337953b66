import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";

type AnyLayer = LayersModel["layers"][number];

/** A model inside a model. */
export function layersInside(layer: AnyLayer): readonly AnyLayer[] | undefined {
  return (layer as Partial<LayersModel>).layers;
}

/**
 * All weights of a model, layer by layer. Unlike `model.weights`, whose frozen ones come last, their order does not
 * depend on what is frozen; without the frozen ones it is that of `model.trainableWeights`.
 */
export function modelWeights(model: LayersModel): LayerVariable[] {
  const weightsOf = (layer: AnyLayer): LayerVariable[] => layersInside(layer)?.flatMap(weightsOf) ?? layer.weights;
  return model.layers.flatMap(weightsOf);
}
