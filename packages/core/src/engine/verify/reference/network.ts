import type { SequentialConfig } from "../../../network/sequential_config.ts";
import { type Kink, kinkTolerance } from "./kink.ts";
import { type LayerPass, layerPass } from "./layer_pass.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy.ts";
import { type Tensor, tensor } from "./tensor.ts";

export interface ReferenceBatch {
  /** [N, H, W, C], normalised. */
  readonly images: Float64Array;
  readonly labels: ArrayLike<number>;
  /** Index in the data set of each image: part of dropout's key. */
  readonly sampleIndices: ArrayLike<number>;
  /** Loss and gradient carry 1 / minibatchSize; the batch may be a part of the minibatch. */
  readonly minibatchSize: number;
  readonly seed: number;
  readonly step: number;
}

/** A kink, and the index of the layer that has it. */
export interface NetworkKink extends Kink {
  readonly layer: number;
}

export interface ReferenceOptions {
  /** Kinks in which the backward pass takes the alternative. Default none */
  readonly followed?: readonly NetworkKink[];
  /** Share of a tensor's largest value below which a difference is a kink. Default 1e-5 */
  readonly tolerance?: number;
}

export interface ReferenceGradient {
  /** In the order of the flat parameter vector. */
  readonly gradient: Float64Array;
  readonly loss: number;
  readonly correct: number;
  /** [N, classes] */
  readonly logits: Float64Array;
  readonly kinks: readonly NetworkKink[];
}

/** Gradient of the softmax cross-entropy of a batch in the parameters of any Sequential, in float64. */
export function referenceGradient(
  config: SequentialConfig,
  parameters: Float32Array | Float64Array,
  batch: ReferenceBatch,
  options: ReferenceOptions = {},
): ReferenceGradient {
  const passes = forward(config, parameters, batch.images, batch, options);
  const logits = passes[passes.length - 1].output;
  const { loss, correct, dLogits } = softmaxCrossEntropy(logits, batch.labels, batch.minibatchSize);
  const tensors: Tensor[] = [];
  let dy = dLogits;
  for (const pass of passes.toReversed()) {
    const back = pass.backward(dy);
    tensors.unshift(...back.parameters);
    dy = back.dx;
  }
  const gradient = new Float64Array(parameters.length);
  let offset = 0;
  for (const { data } of tensors) {
    gradient.set(data, offset);
    offset += data.length;
  }
  const kinks = passes.flatMap((pass, layer) => pass.kinks.map((kink) => Object.assign({ layer }, kink)));
  return { gradient, loss, correct, logits: logits.data, kinks };
}

/** What prediction gives: [N, classes], with dropout off. */
export function referenceLogits(
  config: SequentialConfig,
  parameters: Float32Array | Float64Array,
  images: Float64Array,
): Float64Array {
  const passes = forward(config, parameters, images, undefined, {});
  return passes[passes.length - 1].output.data;
}

function forward(
  config: SequentialConfig,
  parameters: Float32Array | Float64Array,
  images: Float64Array,
  training: ReferenceBatch | undefined,
  { followed = [], tolerance = kinkTolerance }: ReferenceOptions,
): LayerPass[] {
  const [height, width, channels] = config.inputShape;
  let x = tensor([images.length / (height * width * channels), height, width, channels], images);
  let offset = 0;
  const take = (shape: readonly number[]): Tensor => {
    const size = shape.reduce((product, length) => product * length, 1);
    offset += size;
    return tensor(shape, parameters.subarray(offset - size, offset));
  };
  const passes = config.layers.map((layer, index) => {
    const pass = layerPass(layer, x, {
      take,
      dropoutKey: training && { ...training, layer: index },
      followed: followed.filter((kink) => kink.layer === index),
      tolerance,
    });
    x = pass.output;
    return pass;
  });
  if (offset !== parameters.length) throw new Error(`the network has ${offset} parameters, not ${parameters.length}`);
  return passes;
}
