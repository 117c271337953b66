import { tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { CoreError } from "../errors.ts";
import type { ReplicaSpec } from "../step/create_replica.ts";
import { checkLayersModel } from "./check_layers_model.ts";

/** A tfjs-layers model as plain data: what threads need to train copies of it. */
export interface LayersModelSpec {
  readonly spec: ReplicaSpec;
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** The trainable weights in their order, flat. */
  readonly weights: Float32Array;
}

/**
 * Takes a tfjs-layers model apart.
 *
 * @throws `TAPE_LAYER_UNSUPPORTED`, `TAPE_MODEL` when it cannot be trained on threads; `TAPE_FROZEN` when some weights
 *   are frozen, because a topology does not carry their values
 */
export function layersModelSpec(model: LayersModel): LayersModelSpec {
  const { inputShape, classes } = checkLayersModel(model);
  if (model.nonTrainableWeights.length > 0) {
    throw new CoreError(
      "TAPE_FROZEN",
      `the weights ${model.nonTrainableWeights.map(({ name }) => name).join(", ")} are frozen, and only trainable ones ` +
        "travel to the threads. Set trainable to true on their layers.",
    );
  }
  const parts = model.trainableWeights.map((weight) => weight.read().dataSync<"float32">());
  const weights = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    weights.set(part, offset);
    offset += part.length;
  }
  const topology = JSON.stringify(model.toJSON(undefined, false));
  return { spec: { kind: "layers", topology }, inputShape, classes, weights };
}

/** Gives the model's trainable weights the values of a flat vector. */
export function setLayersModelWeights(model: LayersModel, flat: Float32Array): void {
  let offset = 0;
  for (const weight of model.trainableWeights) {
    const { shape, size } = weight.read();
    const values = tensor(flat.slice(offset, offset + size), shape);
    weight.write(values);
    values.dispose();
    offset += size;
  }
}
