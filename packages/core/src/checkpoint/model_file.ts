import { CoreError } from "../errors.ts";
import type { Sequential } from "../model/sequential.ts";
import { atomicWrite } from "./atomic_write.ts";
import { checkpointKeys } from "./checkpoint.ts";
import { encodeSafetensors } from "./encode_safetensors.ts";
import { checkTensors, modelKey, modelText, restoreModel } from "./network_metadata.ts";
import { readWhole } from "./read_file.ts";
import { openSafetensors } from "./safetensors.ts";
import { weightsIn } from "./weights_in.ts";

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
  model: Sequential,
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
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE` or `CHECKPOINT_READ` when the file cannot be read; the codes of
 *   `decodeSafetensors` when it is damaged; `CHECKPOINT_MODEL` when it holds no network; `CHECKPOINT_TENSORS` when its
 *   tensors are not those of the network
 */
export async function loadModel(file: string): Promise<Sequential> {
  const { entries, data, metadata } = openSafetensors(await readWhole(file), file);
  const model = restoreModel(metadata, file);
  // In a checkpoint, the state of the optimizer comes after the weights.
  const isCheckpoint = Object.hasOwn(metadata, checkpointKeys.format);
  const own = isCheckpoint ? entries.slice(0, model.parameters.length) : entries;
  // Before there is memory for the weights: a small file may describe a huge network.
  const named = checkTensors(model.parameters, own, file);
  const weights = new Float32Array(model.parameterCount);
  for (const { name, offset } of model.parameters) weights.set(weightsIn(data, named.get(name)!, file), offset);
  model.setWeights(weights);
  return model;
}

/**
 * The metadata of a safetensors file, "convoy.model" included.
 *
 * @throws as `loadModel` does for a file that cannot be read or is damaged
 */
export async function readMetadata(file: string): Promise<Readonly<Record<string, string>>> {
  return openSafetensors(await readWhole(file), file).metadata;
}
