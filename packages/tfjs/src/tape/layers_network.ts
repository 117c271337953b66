import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Backend } from "@convoy/core/engine";
import { TfjsError } from "../errors.ts";
import { checkLayersModel } from "./check_layers_model.ts";
import { crossEntropyOfLogits, type TapeNetwork } from "./tape_network.ts";
import { readTopology } from "./topology.ts";

/** The smallest probability whose logarithm is taken, as in Keras. */
const leastProbability = 1e-7;

/**
 * A tfjs-layers model from its topology.
 *
 * @throws `TAPE_MODEL`, `TAPE_FROZEN` when the topology is not whole; `TAPE_LAYER_UNSUPPORTED` for layers that cannot
 * keep the promises, or whose gradients tfjs does not have on this backend
 */
export async function layersNetwork({ tf }: Backend, topology: string): Promise<TapeNetwork> {
  const model = await readTopology(topology);
  try {
    const network = new LayersNetwork(tf, model);
    tryGradient(tf, network);
    return network;
  } catch (error) {
    model.dispose();
    throw error;
  }
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

  forward(images: Tensor): Tensor {
    // The one layer left that would behave differently in training is a frozen batch normalization, which must not.
    return this.#model.apply(images, { training: false }) as Tensor;
  }

  losses(outputs: Tensor, oneHotLabels: Tensor): Tensor {
    const tf = this.#tf;
    if (!this.#softmax) return crossEntropyOfLogits(tf, outputs, oneHotLabels);
    return tf.neg(this.#logarithm(tf.sum(tf.mul(outputs, oneHotLabels), -1)));
  }

  predictions(outputs: Tensor): Tensor {
    return this.#softmax ? this.#logarithm(outputs) : outputs;
  }

  /** log max(p, 1e-7). Of NaN it is NaN, which tfjs's clipByValue would hide. */
  #logarithm(probabilities: Tensor): Tensor {
    const tf = this.#tf;
    return tf.log(tf.maximum(probabilities, leastProbability));
  }

  dispose(): void {
    this.#model.dispose();
  }
}

/** One gradient of a blank image: tfjs finds out only then that it lacks a kernel. */
function tryGradient(tf: Backend["tf"], network: TapeNetwork): void {
  try {
    tf.tidy(() => {
      const image = tf.zeros([1, ...network.inputShape]);
      const label = tf.zeros([1, network.classes]);
      const loss = (): Tensor => tf.sum(network.losses(network.forward(image, undefined), label));
      tf.variableGrads(loss as Parameters<typeof tf.variableGrads>[0], [...network.trainable]);
    });
  } catch (cause) {
    throw new TfjsError(
      "TAPE_LAYER_UNSUPPORTED",
      `tfjs cannot train this model on its WebAssembly backend: ${String(cause)}. Take the layer out, or freeze it and ` +
        "all layers before it.",
      { cause },
    );
  }
}
