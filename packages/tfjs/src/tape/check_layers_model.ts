import type { LayersModel } from "@tensorflow/tfjs-layers";
import { TfjsError } from "../errors.ts";
import { isFrozen } from "./frozen_batch_normalization.ts";
import { layersInside, modelWeights } from "./model_weights.ts";

type AnyLayer = LayersModel["layers"][number];

const drawsRandomNumbers = "draws random numbers that nobody can draw again in another thread";

/** Layers that cannot keep the same bits on any number of threads, or whose gradients are wrong, and why. */
const refused: ReadonlyMap<unknown, string> = new Map([
  ...["Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "RandomWidth"].map(
    (kind): [string, string] => [kind, drawsRandomNumbers],
  ),
  ["BatchNormalization", "keeps statistics that every thread would update alone; it can be used with trainable false"],
  ["Conv3D", "has no right gradient on tfjs's WebAssembly backend"],
  ["MaxPooling3D", "is wrong on tfjs's WebAssembly backend"],
]);

/** What a replica must know of a tfjs-layers model before it trains it. */
export interface LayersModelFacts {
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** Whether the model ends in a softmax, so that its outputs are probabilities. */
  readonly softmax: boolean;
}

/**
 * Refuses models that could not give the same bits on any number of threads, or that take no images.
 *
 * @throws `TAPE_LAYER_UNSUPPORTED` naming the layer; `TAPE_MODEL` for inputs and outputs that are not one batch of
 *   images and one vector of classes, and for a model in which nothing can be trained
 */
export function checkLayersModel(model: LayersModel): LayersModelFacts {
  const { inputs = [], outputs = [] } = model as Partial<LayersModel>;
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw new TfjsError(
      "TAPE_MODEL",
      `the model has ${inputs.length} inputs and ${outputs.length} outputs; it must have one of each. ` +
        "A sequential model gets its input from the inputShape of its first layer.",
    );
  }
  const [, ...input] = inputs[0].shape;
  const [, ...output] = outputs[0].shape;
  if (input.length !== 3 || input.some((size) => size === null)) {
    throw new TfjsError(
      "TAPE_MODEL",
      `the model takes ${shapeText(input)}; it must take images, [null, height, width, channels].`,
    );
  }
  if (output.length !== 1 || output[0] === null) {
    throw new TfjsError("TAPE_MODEL", `the model gives ${shapeText(output)}; it must give [null, classes].`);
  }
  const trainable = new Set<unknown>(model.trainableWeights);
  if (trainable.size === 0) {
    throw new TfjsError("TAPE_MODEL", "the model has no trainable weights. Set trainable to true on some layers.");
  }
  checkLayers(model.layers, trainable);
  if (modelWeights(model).some(({ dtype }) => dtype !== "float32")) {
    throw new TfjsError("TAPE_MODEL", "the model has weights that are not float32; only those can be trained.");
  }
  return { inputShape: input as [number, number, number], classes: output[0], softmax: endsInSoftmax(model) };
}

function shapeText(shape: readonly (number | null)[]): string {
  return `[${[null, ...shape].map(String).join(", ")}]`;
}

function checkLayers(layers: readonly AnyLayer[], trainable: ReadonlySet<unknown>): void {
  for (const layer of layers) {
    const inside = layersInside(layer);
    if (inside !== undefined) {
      checkLayers(inside, trainable);
      continue;
    }
    const kind = layer.getClassName();
    const config: unknown = layer.getConfig();
    if (kind === "BatchNormalization" && isFrozen(layer, trainable)) checkConfig(config, layer.name);
    else checkConfig({ className: kind, config }, layer.name);
  }
}

/** Goes through a layer's configuration and those of the layers that it wraps. */
function checkConfig(config: unknown, name: string): void {
  if (typeof config !== "object" || config === null) return;
  const { className } = config as { className?: unknown };
  const why = refused.get(className);
  if (why !== undefined) throw unsupported(name, `(${String(className)}) ${why}`);
  for (const [option, value] of Object.entries(config)) {
    if (/^(recurrentDropout|dropout)$/.test(option) && Number(value) > 0) {
      throw unsupported(name, `has ${option}, which ${drawsRandomNumbers}`);
    }
    if (option.endsWith("Regularizer") && value !== null && value !== undefined) {
      throw unsupported(name, `has a ${option}, which the loss here does not contain; use the optimizer's weightDecay`);
    }
    if (option.endsWith("Constraint") && value !== null && value !== undefined) {
      throw unsupported(name, `has a ${option}, which the optimizers here do not keep`);
    }
    checkConfig(value, name);
  }
}

function unsupported(name: string, why: string): TfjsError {
  return new TfjsError(
    "TAPE_LAYER_UNSUPPORTED",
    `layer "${name}" ${why}. Take it out of the model, or compile the model and give fit its data as { x, y }: then ` +
      "such layers give the same bits on any number of threads.",
  );
}

function endsInSoftmax({ layers, outputLayers }: LayersModel): boolean {
  // A tfjs Sequential knows its output layers only once it has run.
  const last = [...layers, ...outputLayers].at(-1) as AnyLayer;
  if (layersInside(last) !== undefined) return endsInSoftmax(last as LayersModel);
  return last.getClassName() === "Softmax" || last.getConfig()["activation"] === "softmax";
}
