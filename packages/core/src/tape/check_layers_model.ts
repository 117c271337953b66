import type { LayersModel } from "@tensorflow/tfjs-layers";
import { CoreError } from "../errors.ts";

/** Layers that draw random numbers which nobody keys by sample and step. */
const random = new Set(["Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout"]);

interface LayerConfig {
  readonly [option: string]: unknown;
}

/** What a replica must know of a tfjs-layers model before it trains it. */
export interface LayersModelFacts {
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** Whether the model ends in a softmax, so that its outputs are probabilities. */
  readonly softmax: boolean;
}

/**
 * Refuses models that could not give the same bits on any number of workers, or that take no images.
 *
 * @throws `TAPE_LAYER_UNSUPPORTED` naming the layer, `TAPE_MODEL` for inputs and outputs that are not one image batch
 *   and one vector of classes
 */
export function checkLayersModel(model: LayersModel): LayersModelFacts {
  for (const layer of model.layers) {
    const kind = layer.getClassName();
    const config: LayerConfig = layer.getConfig();
    if (random.has(kind) || Number(config["recurrentDropout"] ?? 0) > 0 || Number(config["dropout"] ?? 0) > 0) {
      throw unsupported(layer.name, kind, "draws random numbers that depend on the thread");
    }
    if (kind === "BatchNormalization") {
      throw unsupported(layer.name, kind, "keeps statistics that every thread would update alone");
    }
  }
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new CoreError(
      "TAPE_MODEL",
      `the model has ${model.inputs.length} inputs and ${model.outputs.length} outputs; one of each can be trained.`,
    );
  }
  const [, ...input] = model.inputs[0].shape;
  const [, ...output] = model.outputs[0].shape;
  if (input.length !== 3 || input.some((size) => size === null)) {
    throw new CoreError(
      "TAPE_MODEL",
      `the model takes [null, ${input.join(", ")}]; it must take images, [null, height, width, channels].`,
    );
  }
  if (output.length !== 1 || output[0] === null) {
    throw new CoreError("TAPE_MODEL", `the model gives [null, ${output.join(", ")}]; it must give [null, classes].`);
  }
  if (model.trainableWeights.length === 0) {
    throw new CoreError("TAPE_MODEL", "the model has no trainable weights. Set trainable to true on some layers.");
  }
  const last = model.layers[model.layers.length - 1];
  const softmax = last.getClassName() === "Softmax" || last.getConfig()["activation"] === "softmax";
  return { inputShape: input as [number, number, number], classes: output[0], softmax };
}

function unsupported(name: string, kind: string, why: string): CoreError {
  return new CoreError(
    "TAPE_LAYER_UNSUPPORTED",
    `layer "${name}" (${kind}) ${why}. Take it out of the tfjs-layers model, or build the network as a Sequential, ` +
      "whose dropout is keyed by sample and step.",
  );
}
