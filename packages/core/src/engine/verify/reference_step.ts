import type { SequentialConfig } from "../../network/sequential_config.ts";
import type { ExpectedNumbers, TrainingNumbers } from "./differences.ts";
import { type NetworkKink, referenceGradient, referenceLogits } from "./reference/network.ts";

export interface ReferenceStep {
  /** All images of the store, normalised; the first `different` of them, again and again. */
  readonly pixels: Float64Array;
  readonly labels: Int32Array;
  /** Which image is where in the minibatch. */
  readonly order: Int32Array;
  readonly different: number;
  readonly seed: number;
  readonly step: number;
  /** Whether to work out the training step, beside the prediction. */
  readonly gradient: boolean;
}

/** Works out each different image by itself, and counts it as often as the minibatch has it. */
export function referenceStep(
  config: SequentialConfig,
  weights: Float32Array,
  settings: ReferenceStep,
): ExpectedNumbers & { readonly kinks: readonly NetworkKink[] } {
  const { pixels, order, different } = settings;
  const images = order.length;
  const size = pixels.length / images;
  const predicted: Float64Array[] = [];
  let training: TrainingNumbers | undefined;
  const kinks: NetworkKink[] = [];
  for (let image = 0; image < different; image++) {
    const own = pixels.subarray(image * size, (image + 1) * size);
    predicted.push(referenceLogits(config, weights, own));
    if (!settings.gradient) continue;
    const result = imageGradient(config, weights, own, image, settings);
    kinks.push(...result.kinks);
    const times = order.filter((other) => other === image).length;
    training ??= {
      gradient: new Float64Array(weights.length),
      doubt: new Float64Array(weights.length),
      loss: 0,
      correct: 0,
    };
    const { gradient, doubt } = training;
    for (let i = 0; i < gradient.length; i++) {
      gradient[i] += times * result.gradient[i];
      if (result.otherwise !== undefined) doubt[i] += times * (result.otherwise[i] - result.gradient[i]);
    }
    training = {
      gradient,
      doubt,
      loss: training.loss + times * result.loss,
      correct: training.correct + times * result.correct,
    };
  }
  const { length } = predicted[0];
  const logits = Float64Array.from(
    { length: images * length },
    (_, i) => predicted[Math.floor(i / length) % different][i % length],
  );
  return { logits, training, kinks };
}

/** One image's share of the minibatch; `otherwise` is its gradient with every close decision taken the other way. */
function imageGradient(
  config: SequentialConfig,
  weights: Float32Array,
  images: Float64Array,
  image: number,
  { labels, order, seed, step }: ReferenceStep,
) {
  const batch = {
    images,
    labels: [labels[image]],
    sampleIndices: [image],
    minibatchSize: order.length,
    seed,
    step,
  };
  const result = referenceGradient(config, weights, batch);
  const { kinks } = result;
  const otherwise = kinks.length === 0 ? undefined : referenceGradient(config, weights, batch, { followed: kinks });
  return { ...result, otherwise: otherwise?.gradient };
}
