import { CoreError } from "../errors.ts";
import type { ParameterSpec } from "../layers/layer.ts";
import { Sequential } from "../model/sequential.ts";
import { atomicWrite } from "./atomic_write.ts";
import { encodeSafetensors } from "./encode_safetensors.ts";
import { readWhole } from "./read_file.ts";
import { decodeSafetensors, type SafetensorsContent } from "./safetensors.ts";

/** Where the network itself stands in the metadata, as JSON. */
const modelKey = "convoy.model";

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
  const content = { tensors, metadata: { ...metadata, [modelKey]: JSON.stringify(model) }, sealed: true };
  await atomicWrite(file, encodeSafetensors(content));
}

/**
 * Reads network and weights from a file that `saveModel` wrote.
 *
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE` or `CHECKPOINT_READ` when the file cannot be read; the codes of
 *   `decodeSafetensors` when it is damaged; `CHECKPOINT_MODEL` when it holds no network; `CHECKPOINT_TENSORS` when its
 *   tensors are not those of the network
 */
export async function loadModel(file: string): Promise<Sequential> {
  const { tensors, metadata } = decodeSafetensors(await readWhole(file), file);
  const model = restoreModel(metadata, file);
  // Before there is memory for the weights: a small file may describe a huge network.
  const named = checkTensors(model.parameters, tensors, file);
  const weights = new Float32Array(model.parameterCount);
  for (const { name, offset } of model.parameters) weights.set(named.get(name)!.data, offset);
  model.setWeights(weights);
  return model;
}

/**
 * The metadata of a safetensors file, "convoy.model" included.
 *
 * @throws as `loadModel` does for a file that cannot be read or is damaged
 */
export async function readMetadata(file: string): Promise<Readonly<Record<string, string>>> {
  return decodeSafetensors(await readWhole(file), file).metadata;
}

function restoreModel(metadata: Readonly<Record<string, string>>, file: string): Sequential {
  if (!Object.hasOwn(metadata, modelKey)) {
    const hint = "Only files that Convoy saved can be loaded without their network.";
    throw new CoreError("CHECKPOINT_MODEL", `${file} has no network in its metadata (${modelKey}). ${hint}`);
  }
  try {
    return Sequential.fromJSON(JSON.parse(metadata[modelKey]));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError("CHECKPOINT_MODEL", `the network in ${file} cannot be built: ${reason}`, { cause });
  }
}

function checkTensors(
  parameters: readonly ParameterSpec[],
  tensors: SafetensorsContent["tensors"],
  file: string,
): Map<string, SafetensorsContent["tensors"][number]> {
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of parameters) {
    const found = named.get(name);
    if (found === undefined) {
      throw new CoreError("CHECKPOINT_TENSORS", `${file} has no tensor ${name}, which its network needs.`);
    }
    if (found.shape.length !== shape.length || found.shape.some((size, i) => size !== shape[i])) {
      throw new CoreError(
        "CHECKPOINT_TENSORS",
        `tensor ${name} of ${file} is [${found.shape.join(", ")}]; its network needs [${shape.join(", ")}].`,
      );
    }
  }
  if (named.size > parameters.length) {
    const known = new Set(parameters.map(({ name }) => name));
    const unknown = tensors.find(({ name }) => !known.has(name));
    throw new CoreError("CHECKPOINT_TENSORS", `${file} has a tensor ${unknown?.name} that its network does not know.`);
  }
  return named;
}
