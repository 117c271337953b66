import { CoreError } from "../../errors.ts";
import { configOf } from "../../network/build_network.ts";
import { type Optimizer, restoreOptimizer, stateOf } from "../../network/optimizers/optimizers.ts";
import {
  bestTensorName,
  type BestWeights,
  type Checkpoint,
  checkpointKeys as keys,
  formatVersion,
  stateTensorName,
} from "./checkpoint.ts";
import { CheckpointMetadata } from "./checkpoint_metadata.ts";
import { checkProgress } from "./checkpoint_progress.ts";
import { checkTensors, modelKey, restoreNetwork } from "../model/network_metadata.ts";
import { quoted } from "../../network/printable.ts";
import { openSafetensors, type SafetensorsFile } from "../safetensors/safetensors.ts";
import { toFloat32 } from "../safetensors/tensor_types.ts";

/**
 * Reads what `encodeCheckpoint` wrote. Weights and state are views of `bytes`.
 *
 * @param bytes the whole file
 * @param file how messages call it
 *
 * @throws the codes of `decodeSafetensors` when it is damaged, `CHECKPOINT_DIGEST` also when it says no SHA-256;
 *   `CHECKPOINT_FORMAT` when it is no checkpoint, or one of another version; `CHECKPOINT_METADATA`,
 *   `CHECKPOINT_PROGRESS`, `CHECKPOINT_SETTINGS`, `CHECKPOINT_STATE`, `CHECKPOINT_MODEL` and `CHECKPOINT_TENSORS` when it
 *   is whole, and what it says cannot be
 */
export function decodeCheckpoint(bytes: Uint8Array, file = "the checkpoint"): Checkpoint {
  const opened = openSafetensors(bytes, file);
  checkFormat(opened, file);
  const metadata = new CheckpointMetadata(opened.metadata, file);
  const progress = {
    step: metadata.wholeNumber(keys.step),
    epoch: metadata.wholeNumber(keys.epoch),
    samplerPosition: metadata.wholeNumber(keys.samplerPosition),
    seed: metadata.wholeNumber(keys.seed),
    metrics: metadata.numbers(keys.metrics, ["loss", "correct", "recentLoss"]),
  };
  const best = metadata.has(keys.best)
    ? metadata.numbers(keys.best, ["epoch", "step", "loss", "correct", "total"])
    : undefined;
  checkProgress({ ...progress, best }, file);
  const optimizer = metadata.parse(keys.optimizer, restoreOptimizer);
  const vectors = takeVectors(opened, optimizer, best, file);
  const checkpoint = { ...vectors, ...progress, optimizer, settings: metadata.settings(), metadata: metadata.rest() };
  if (!Object.hasOwn(opened.metadata, modelKey)) return checkpoint;
  const network = restoreNetwork(opened.metadata, file);
  checkTensors(network.parameters, vectors.parameters, file);
  return { ...checkpoint, model: configOf(network) };
}

function checkFormat({ metadata, verified }: SafetensorsFile, file: string): void {
  if (!Object.hasOwn(metadata, keys.format)) {
    const hint = "Weights alone can start a new training, but not continue one.";
    throw new CoreError("CHECKPOINT_FORMAT", `${file} is no checkpoint: its metadata has no ${keys.format}. ${hint}`);
  }
  if (metadata[keys.format] !== String(formatVersion)) {
    throw new CoreError(
      "CHECKPOINT_FORMAT",
      `${file} is a checkpoint of version ${quoted(metadata[keys.format])}; this Convoy reads ${formatVersion}. ` +
        `Use the Convoy that wrote it.`,
    );
  }
  if (verified) return;
  throw new CoreError(
    "CHECKPOINT_DIGEST",
    `${file} does not say its own SHA-256, as every checkpoint does. Use an unchanged copy.`,
  );
}

/** The file has all weights in their order, and then each vector of state, and the best weights, in the same order. */
function takeVectors(
  { entries, data }: SafetensorsFile,
  optimizer: Optimizer,
  best: Omit<BestWeights, "weights"> | undefined,
  file: string,
): Pick<Checkpoint, "parameters" | "weights" | "optimizerState" | "best"> {
  const vectors = stateOf(optimizer);
  const nameOf = [
    ...vectors.map((vector) => (parameter: string) => stateTensorName(vector, parameter)),
    ...(best === undefined ? [] : [bestTensorName]),
  ];
  const count = entries.length / (1 + nameOf.length);
  if (!Number.isInteger(count)) {
    throw new CoreError(
      "CHECKPOINT_STATE",
      `${file} has ${entries.length} tensors; with ${optimizer.kind}, as many as the weights must follow them for each ` +
        `of ${[...vectors, ...(best === undefined ? [] : ["best"])].join(", ")}. Use an unchanged copy.`,
    );
  }
  const parameters = entries.slice(0, count);
  for (const [i, { name, shape }] of entries.slice(count).entries()) {
    const of = parameters[i % count];
    const expected = nameOf[Math.floor(i / count)](of.name);
    if (name === expected && shape.join() === of.shape.join()) continue;
    throw new CoreError(
      "CHECKPOINT_STATE",
      `${file} has ${quoted(name)} of [${shape.join(", ")}] where ${quoted(expected)} of [${of.shape.join(", ")}] ` +
        `must be. Use an unchanged copy.`,
    );
  }
  const other = entries.find(({ dtype }) => dtype !== "F32");
  if (other !== undefined) {
    throw new CoreError(
      "CHECKPOINT_DTYPE",
      `${file} has ${quoted(other.name)} as ${quoted(other.dtype)}; a checkpoint has float32, "F32", alone. Use an unchanged copy.`,
    );
  }
  const values = toFloat32("F32", data);
  const size = (parameters.at(-1)?.end ?? 0) / 4;
  const flat = (i: number): Float32Array => values.subarray(i * size, (i + 1) * size);
  return {
    parameters: parameters.map(({ name, shape }) => ({ name, shape })),
    weights: flat(0),
    optimizerState: vectors.map((_, i) => flat(i + 1)),
    ...(best === undefined ? {} : { best: { ...best, weights: flat(vectors.length + 1) } }),
  };
}
