import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Backend } from "../backend/start.ts";
import { CoreError } from "../errors.ts";
import { checkLayersModel } from "./check_layers_model.ts";
import { crossEntropyOfLogits, type TapeNetwork } from "./tape_network.ts";

/** The smallest probability whose logarithm is taken, as in Keras. */
const leastProbability = 1e-7;

/**
 * A tfjs-layers model from the JSON of its topology.
 *
 * @throws `TAPE_MODEL` when the JSON is no model, `TAPE_LAYER_UNSUPPORTED` for layers that cannot keep the promises
 */
export async function layersNetwork({ tf }: Backend, topology: string): Promise<TapeNetwork> {
  const { models } = await import("@tensorflow/tfjs-layers");
  let model: LayersModel;
  try {
    model = await models.modelFromJSON(JSON.parse(topology) as Parameters<typeof models.modelFromJSON>[0]);
  } catch (cause) {
    throw new CoreError(
      "TAPE_MODEL",
      `the topology is not a tfjs-layers model's (${String(cause)}). Pass what model.toJSON() gives.`,
      { cause },
    );
  }
  return new LayersNetwork(tf, model);
}

class LayersNetwork implements TapeNetwork {
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  readonly trainable: readonly Variable[];
  readonly #tf: Backend["tf"];
  readonly #model: LayersModel;
  readonly #softmax: boolean;

  constructor(tf: Backend["tf"], model: LayersModel) {
    const { inputShape, classes, softmax } = checkLayersModel(model);
    this.inputShape = inputShape;
    this.classes = classes;
    this.#tf = tf;
    this.#model = model;
    this.#softmax = softmax;
    this.trainable = model.trainableWeights.map((weight) => weight.read() as Variable);
  }

  setParameters(tensors: readonly Tensor[]): void {
    for (const [i, weight] of this.#model.trainableWeights.entries()) weight.write(tensors[i]);
    for (const tensor of tensors) tensor.dispose();
  }

  forward(images: Tensor, pass: object | undefined): Tensor {
    return this.#model.apply(images, { training: pass !== undefined }) as Tensor;
  }

  losses(outputs: Tensor, oneHotLabels: Tensor): Tensor {
    const tf = this.#tf;
    if (!this.#softmax) return crossEntropyOfLogits(tf, outputs, oneHotLabels);
    const logarithms = tf.log(tf.clipByValue(outputs, leastProbability, 1));
    return tf.neg(tf.sum(tf.mul(logarithms, oneHotLabels), -1));
  }

  predictions(outputs: Tensor): Tensor {
    const tf = this.#tf;
    return this.#softmax ? tf.log(tf.clipByValue(outputs, leastProbability, 1)) : outputs;
  }

  dispose(): void {
    this.#model.dispose();
  }
}
