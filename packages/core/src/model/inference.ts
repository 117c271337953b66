import { createImageStore } from "../network/data/create_image_store.ts";
import type { ImageData, ImageStore } from "../network/data/image_store.ts";
import type { Normalization } from "../network/data/normalization.ts";
import { CoreError } from "../errors.ts";
import type { ImageShape } from "../network/layers/shape.ts";
import { score } from "../network/metrics/score.ts";
import { softmax } from "../network/metrics/softmax.ts";
import { checkNames } from "../network/checks.ts";
import { chosenNormalization } from "./chosen_normalization.ts";
import { checkSameClassNames } from "../network/class_names.ts";
import { checkFiniteLogits } from "./finite.ts";

/** What `predict` and `evaluate` take besides. */
export interface PredictOptions {
  /** Of bytes, where it is not to be that of the network. */
  readonly normalization?: Normalization | undefined;
}

export interface Evaluation {
  /** Mean softmax cross-entropy of the images. */
  readonly loss: number;
  /** Share of the images classified right. */
  readonly accuracy: number;
  readonly correct: number;
  readonly total: number;
}

/** What a network says of what goes in and comes out. */
export interface PredictingModel {
  readonly inputShape: ImageShape;
  readonly classes: number;
  readonly normalization?: Normalization | null | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/**
 * Images whose logits are computed and handed over at once: enough to keep the kernels busy, few enough to stay in the
 * caches. Losses are summed chunk by chunk, so it decides their last digits.
 */
export const inferenceChunk = 256;

/** Whoever computes the logits of images: this thread, or many. */
export interface Forward {
  /** Whether the images are to lie in memory that threads share. */
  readonly shared: boolean;
  /** @param use is given the logits of one chunk after the other, in the order of the images */
  run(store: ImageStore, use: (logits: Float32Array, start: number, count: number) => void): Promise<void>;
}

/** `Sequential.predict`, whoever computes. */
export async function predictBy(
  forward: Forward,
  model: PredictingModel,
  images: Uint8Array | Float32Array,
  options: PredictOptions,
): Promise<Float32Array> {
  checkNames("predict", options, ["normalization"]);
  const [height, width, channels] = model.inputShape;
  const count = Math.ceil((images?.length ?? 0) / (height * width * channels));
  const normalization = chosenNormalization(model.normalization, images, options.normalization);
  const data = { images, labels: new Int32Array(count), shape: model.inputShape, normalization };
  const store = createImageStore(data, model.classes, { shared: forward.shared });
  const probabilities = new Float32Array(store.count * model.classes);
  await forward.run(store, (logits, start) => {
    checkFiniteLogits(logits, start, model.classes);
    probabilities.set(softmax(logits, model.classes), start * model.classes);
  });
  return probabilities;
}

/** `Sequential.evaluate`, whoever computes. */
export async function evaluateBy(
  forward: Forward,
  model: PredictingModel,
  data: ImageData,
  options: PredictOptions,
): Promise<Evaluation> {
  checkNames("evaluate", options, ["normalization"]);
  const { images, labels, shape } = data;
  const normalization = chosenNormalization(model.normalization, images, options.normalization, data.normalization);
  const store = createImageStore({ images, labels, shape, normalization }, model.classes, { shared: forward.shared });
  checkSameClassNames(model.classNames, data.classNames);
  if (store.shape.some((size, i) => size !== model.inputShape[i])) {
    throw new CoreError(
      "MODEL_DATA",
      `the network takes images of [${model.inputShape.join(", ")}]; these are of [${store.shape.join(", ")}].`,
    );
  }
  let loss = 0;
  let correct = 0;
  await forward.run(store, (logits, start, count) => {
    checkFiniteLogits(logits, start, model.classes);
    const part = score(logits, store.labels, start, count, model.classes);
    loss += part.lossSum;
    correct += part.correct;
  });
  return { loss: loss / store.count, accuracy: correct / store.count, correct, total: store.count };
}
