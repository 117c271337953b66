import { tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { TfjsError } from "../errors.ts";
import type { AnyLayersModel } from "./any_layers_model.ts";
import { checkLayersModel } from "./check_layers_model.ts";
import { writeTopology } from "./topology.ts";

/** Any tfjs-layers model, by the JSON of its topology. */
export interface LayersSpec {
  readonly kind: "layers";
  readonly topology: string;
}

/** A tfjs-layers model as plain data: what threads need to train copies of it. */
export interface LayersModelSpec {
  readonly spec: LayersSpec;
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly parameterCount: number;
  /** The trainable weights, one after the other, in the order of `model.trainableWeights`. */
  readonly weights: Float32Array;
  /** Their shapes, in the same order. */
  readonly shapes: readonly (readonly number[])[];
}

/**
 * Takes a tfjs-layers model apart. Frozen weights travel inside the topology.
 *
 * @throws `TAPE_LAYER_UNSUPPORTED`, `TAPE_MODEL` when it cannot be trained on threads
 */
export function layersModelSpec(given: AnyLayersModel): LayersModelSpec {
  const model = given as LayersModel;
  const { inputShape, classes } = checkLayersModel(model);
  const variables = model.trainableWeights.map((weight) => weight.read());
  const weights = new Float32Array(variables.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  for (const variable of variables) {
    weights.set(variable.dataSync<"float32">(), offset);
    offset += variable.size;
  }
  const shapes = variables.map(({ shape }) => shape);
  const spec: LayersSpec = { kind: "layers", topology: writeTopology(model) };
  return { spec, inputShape, classes, parameterCount: weights.length, weights, shapes };
}

/**
 * Gives the model's trainable weights the values of a flat vector.
 *
 * @throws `TAPE_WEIGHTS` when the vector has another length
 */
export function setLayersModelWeights(model: AnyLayersModel, flat: Float32Array): void {
  const weights = (model as LayersModel).trainableWeights;
  const count = weights.reduce((sum, weight) => sum + weight.read().size, 0);
  if (flat.length !== count) {
    throw new TfjsError(
      "TAPE_WEIGHTS",
      `the model has ${count} trainable parameters, and ${flat.length} values were given. Give as many.`,
    );
  }
  let offset = 0;
  for (const weight of weights) {
    const { shape, size } = weight.read();
    const values = tensor(flat.slice(offset, offset + size), shape);
    weight.write(values);
    values.dispose();
    offset += size;
  }
}
