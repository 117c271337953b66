import { createImageStore } from "../src/network/data/create_image_store.ts";
import type { MinibatchPart, Replica } from "../src/engine/step/replica.ts";
import {
  agreementWithReference,
  type Evaluate,
  gradientTolerance,
  roundingTolerances,
  tensorDistances,
} from "./agreement.ts";
import { type Engine, plannedEngines } from "./engines.ts";
import { normalizedImages } from "./normalized_images.ts";
import type { RandomNetwork } from "./random_network.ts";
import { relativeDistance } from "../src/engine/verify/reference/closeness.ts";
import { referenceGradient, referenceLogits } from "../src/engine/verify/reference/network.ts";

export type NetworkCase = Omit<RandomNetwork, "seed" | "step"> & { readonly seed?: number; readonly step?: number };

export interface Comparison {
  /** Each disagreement, with the engine and the tensor. */
  readonly problems: readonly string[];
  /** Decisions at kinks that an engine took the other way. */
  readonly followed: number;
  /** Tensors of an engine that were excused because their parts cancel. */
  readonly cancelled: number;
  /** Parameter tensors, and those whose gradient is zero in the reference. */
  readonly tensors: number;
  readonly zeroTensors: number;
}

/**
 * Runs a network through engines, and holds gradient, loss, answers and logits to the reference's.
 *
 * @param engines by name. Default: the planned ones
 */
export async function compareNetwork(
  network: NetworkCase,
  engines: Readonly<Record<string, Engine>> = plannedEngines,
): Promise<Comparison> {
  const { model, weights, data, order, start, shardSizes, minibatchSize, capacity, seed = 1, step = 0 } = network;
  const config = model.toJSON();
  const images = shardSizes.reduce((sum, size) => sum + size, 0);
  const sampleIndices = order.subarray(start, start + images);
  const batch = {
    images: normalizedImages(data, sampleIndices),
    labels: Array.from(sampleIndices, (sample) => data.labels[sample]),
    sampleIndices,
    minibatchSize,
    seed,
    step,
  };
  const evaluate: Evaluate = (at, choices) => referenceGradient(config, at, batch, { followed: choices });
  const reference = evaluate(weights, []);
  const predicted = Math.min(capacity, data.labels.length);
  const first = data.labels.length - predicted;
  const samples = Array.from({ length: predicted }, (_, i) => first + i);
  const logits = referenceLogits(config, weights, normalizedImages(data, samples));

  const problems: string[] = [];
  let followed = 0;
  let cancelled = 0;
  const gradients: [engine: string, gradient: Float32Array][] = [];
  for (const [name, engine] of Object.entries(engines)) {
    const part = { store: createImageStore(data, model.classes), order, start, shardSizes, minibatchSize, seed, step };
    const result = runEngine(await engine(config, capacity), weights, part, capacity, first, predicted);
    const agreement = agreementWithReference(result.gradient, model.parameters, weights, (at, choices) =>
      at === weights && choices.length === 0 ? reference : evaluate(at, choices),
    );
    const off = Object.entries(agreement.off);
    if (off.length > 0) problems.push(`${name}: gradients are off by ${off.join(" ")}`);
    if (!(Math.abs(result.loss - reference.loss) <= gradientTolerance * reference.loss)) {
      problems.push(`${name}: loss ${result.loss}, not ${reference.loss}`);
    }
    if (result.correct !== reference.correct) {
      problems.push(`${name}: ${result.correct} right, not ${reference.correct}`);
    }
    const distance = relativeDistance(result.logits, logits);
    if (!(distance <= gradientTolerance)) problems.push(`${name}: logits are off by ${distance}`);
    followed += agreement.followed.length;
    cancelled += agreement.cancelled.length;
    if (agreement.followed.length + agreement.cancelled.length === 0) gradients.push([name, result.gradient]);
  }
  problems.push(...disagreements(gradients, network, evaluate));
  const zero = model.parameters.filter(({ offset, size }) =>
    reference.gradient.subarray(offset, offset + size).every((value) => value === 0),
  );
  return { problems, followed, cancelled, tensors: model.parameters.length, zeroTensors: zero.length };
}

/** Engines against each other, without the reference between them. */
function disagreements(
  gradients: readonly [string, Float32Array][],
  { model, weights }: NetworkCase,
  evaluate: Evaluate,
): string[] {
  const problems: string[] = [];
  for (const [engine, gradient] of gradients.slice(1)) {
    const [base, expected] = gradients[0];
    const distances = Object.entries(tensorDistances(gradient, expected, model.parameters));
    let far = distances.filter(([, distance]) => !(distance <= gradientTolerance));
    if (far.length === 0) continue;
    const allowed = roundingTolerances(model.parameters, weights, [], evaluate);
    far = far.filter(([name, distance]) => !(distance <= allowed[name]));
    if (far.length > 0) problems.push(`${engine} and ${base} differ by ${far.join(" ")}`);
  }
  return problems;
}

function runEngine(
  replica: Replica,
  weights: Float32Array,
  part: MinibatchPart,
  capacity: number,
  first: number,
  predicted: number,
): { gradient: Float32Array; loss: number; correct: number; logits: Float32Array } {
  const count = replica.parameterCount;
  const logits = new Float32Array(predicted * replica.classes);
  const out = new Float32Array(count + 2).fill(NaN);
  replica.load(weights);
  // Other work first, with as many images as there may be: nothing of it may show in what follows.
  replica.gradient({ ...part, start: 0, shardSizes: [Math.min(capacity, part.order.length)], step: 99 }, out);
  replica.predict(part.store, first, predicted, logits);
  replica.gradient(part, out);
  replica.dispose();
  return { gradient: out.slice(0, count), loss: out[count], correct: out[count + 1], logits };
}
