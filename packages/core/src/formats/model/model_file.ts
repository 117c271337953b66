import { CoreError } from "../../errors.ts";
import type { ParameterSpec } from "../../network/layers/built_layer.ts";
import { configOf } from "../../network/build_network.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import { atomicWrite } from "../files/atomic_write.ts";
import { checkpointKeys } from "../checkpoint/checkpoint.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { checkTensors, modelKey, modelText, restoreNetwork } from "./network_metadata.ts";
import { readWhole } from "../files/read_file.ts";
import { openSafetensors } from "../safetensors/safetensors.ts";
import { weightsIn } from "./weights_in.ts";

/** A network with weights: a `Sequential`. */
export interface WeightedNetwork {
  readonly parameters: readonly ParameterSpec[];
  getWeights(): Float32Array;
  toJSON(): SequentialConfig;
}

/** What a file says of a network, as plain data. */
export interface SavedNetwork {
  readonly config: SequentialConfig;
  /** The flat parameter vector. */
  readonly weights: Float32Array;
}

/**
 * Writes network and weights into one safetensors file: the whole file, or none. Any safetensors reader opens it.
 *
 * Tensors have the names of `model.parameters`, such as "conv2d_1/kernel", and tfjs layout: HWIO and [in, out].
 *
 * @param metadata free text by key, to be read by `readMetadata`; "convoy.model" and "convoy.sha256" are taken
 *
 * @throws `CHECKPOINT_METADATA` when metadata is no text or uses the taken key; `CHECKPOINT_WRITE` when the file cannot
 *   be written
 */
export async function saveModel(
  model: WeightedNetwork,
  file: string,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (Object.hasOwn(metadata, modelKey)) {
    throw new CoreError("CHECKPOINT_METADATA", `metadata ${modelKey} holds the network itself; use another key.`);
  }
  const weights = model.getWeights();
  const tensors = model.parameters.map(({ name, shape, offset, size }) => ({
    name,
    shape,
    data: weights.subarray(offset, offset + size),
  }));
  const content = { tensors, metadata: { ...metadata, [modelKey]: modelText(model.toJSON()) }, sealed: true };
  await atomicWrite(file, encodeSafetensors(content));
}

/**
 * Reads network and weights from a file that `saveModel` wrote, or from a checkpoint with a network.
 *
 * @throws as `loadModel` does
 */
export async function readModel(file: string): Promise<SavedNetwork> {
  const { entries, data, metadata } = openSafetensors(await readWhole(file), file);
  const network = restoreNetwork(metadata, file);
  // In a checkpoint, the state of the optimizer comes after the weights.
  const isCheckpoint = Object.hasOwn(metadata, checkpointKeys.format);
  const own = isCheckpoint ? entries.slice(0, network.parameters.length) : entries;
  // Before there is memory for the weights: a small file may describe a huge network.
  const named = checkTensors(network.parameters, own, file);
  const weights = new Float32Array(network.parameterCount);
  for (const { name, offset } of network.parameters) weights.set(weightsIn(data, named.get(name)!, file), offset);
  return { config: configOf(network), weights };
}

/**
 * The metadata of a safetensors file, "convoy.model" included.
 *
 * @throws as `readModel` does for a file that cannot be read or is damaged
 */
export async function readMetadata(file: string): Promise<Readonly<Record<string, string>>> {
  return openSafetensors(await readWhole(file), file).metadata;
}
