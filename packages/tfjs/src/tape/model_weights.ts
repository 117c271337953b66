import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import { layersInFields, type AnyLayer } from "./layers_in_fields.ts";

/** A model inside a model. */
export function layersInside(layer: AnyLayer): readonly AnyLayer[] | undefined {
  return (layer as Partial<LayersModel>).layers;
}

/**
 * All weights of a model, layer by layer. Unlike that of `model.weights` and `layer.weights`, where frozen ones come last,
 * their order does not depend on what is frozen, so that two copies of a model have it in common; without the frozen ones
 * it is that of `model.trainableWeights`.
 */
export function modelWeights(model: LayersModel): LayerVariable[] {
  return model.layers.flatMap(weightsOf);
}

function weightsOf(layer: AnyLayer): readonly LayerVariable[] {
  const inside = layersInside(layer);
  if (inside !== undefined) return inside.flatMap(weightsOf);
  const { _trainableWeights: trainable = [], _nonTrainableWeights: others = [] } = layer as unknown as OwnWeights;
  const found = new Set([...trainable, ...others, ...layersInFields(layer).flatMap(weightsOf)]);
  // A layer of one's own may say otherwise what its weights are.
  const { weights } = layer;
  return found.size === weights.length && weights.every((weight) => found.has(weight)) ? [...found] : weights;
}

/** What a layer has made itself, in that order. */
interface OwnWeights {
  readonly _trainableWeights?: readonly LayerVariable[];
  readonly _nonTrainableWeights?: readonly LayerVariable[];
}
