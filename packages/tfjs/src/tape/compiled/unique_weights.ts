import { tensor, type Variable } from "@tensorflow/tfjs-core";
import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import { modelWeights } from "../model_weights.ts";

/** Every weight once, in the order of `modelWeights`: a layer that two models inside share comes twice there. */
export function uniqueWeights(model: LayersModel): LayerVariable[] {
  return [...new Set(modelWeights(model))];
}

/** For each of `modelWeights`, which of the unique ones it is. */
export function weightPlaces(model: LayersModel): number[] {
  const unique = new Map(uniqueWeights(model).map((weight, place) => [weight, place]));
  return modelWeights(model).map((weight) => unique.get(weight) ?? -1);
}

/**
 * Has a model that was built from JSON share what its original shares: JSON has a shared layer once for each model inside.
 *
 * @param places as `weightPlaces` of the original gives them
 * @returns the unique weights
 */
export function tieWeights(model: LayersModel, places: readonly number[]): LayerVariable[] {
  const unique: LayerVariable[] = [];
  for (const [i, weight] of modelWeights(model).entries()) {
    const first = (unique[places[i]] ??= weight);
    if (first === weight) continue;
    const tied = weight as unknown as { val: Variable };
    tied.val.dispose();
    tied.val = first.read() as Variable;
    // The first one does it.
    weight.dispose = () => {};
  }
  return unique;
}

/** Gives weights all of their values, bit for bit: no constraint is applied again. */
export function writeWeights(weights: readonly LayerVariable[], flat: Float32Array): void {
  let offset = 0;
  for (const weight of weights) {
    const variable = weight.read() as Variable;
    const values = tensor(flat.slice(offset, offset + variable.size), variable.shape);
    variable.assign(values);
    values.dispose();
    offset += variable.size;
  }
}
