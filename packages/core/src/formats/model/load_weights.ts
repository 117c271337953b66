import { createHash } from "node:crypto";
import { CoreError } from "../../errors.ts";
import type { ImageShape } from "../../network/layers/shape.ts";
import type { ParameterSpec } from "../../network/layers/built_layer.ts";
import type { Network } from "../../network/build_network.ts";
import type { Meaning } from "../../network/meaning.ts";
import { checkpointKeys } from "../checkpoint/checkpoint.ts";
import { decodeCheckpoint } from "../checkpoint/decode_checkpoint.ts";
import { matchTensors, type OtherShape } from "./match_tensors.ts";
import { modelKey, restoreNetwork } from "./network_metadata.ts";
import { quoted } from "../../network/printable.ts";
import { readWhole } from "../files/read_file.ts";
import { openSafetensors, type SafetensorsFile } from "../safetensors/safetensors.ts";
import { weightsIn } from "./weights_in.ts";
import { weightsMismatch } from "./weights_mismatch.ts";

export interface LoadWeightsOptions {
  /** Whether parameters that the file has not in this shape may keep the weights that they have. Default: false */
  readonly allowPartial?: boolean | undefined;
}

/** Which parameters have their weights from a file now, and which not, and why. */
export interface LoadedWeights {
  /** Of the whole file: what `sha256sum` prints. */
  readonly sha256: string;
  /** Whether the file says its own SHA-256, which was right; files of other programs say none. */
  readonly verified: boolean;
  readonly loaded: readonly string[];
  /** Not in the file. */
  readonly missing: readonly string[];
  readonly otherShape: readonly OtherShape[];
  /** In the file, and not in the network, whatever they hold: counters and masks too. */
  readonly unknown: readonly string[];
}

/** A network that can be given weights, and what its numbers mean: a `Sequential`. */
export interface TrainableNetwork extends Mutable<Meaning> {
  readonly inputShape: ImageShape;
  readonly parameters: readonly ParameterSpec[];
  getWeights(): Float32Array;
  setWeights(flat: Float32Array): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Puts the weights of a safetensors file, ours or another program's, into a network that is there: a start for new
 * training. Of a checkpoint the weights are taken, and not the state of its optimizer.
 *
 * @param model its parameters are filled by name and shape, such as "conv2d_1/kernel" of [3, 3, 1, 16]; normalization, names
 *   of the classes and fit of pictures are taken over where it says none; it is not changed when something is thrown
 *
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE` or `CHECKPOINT_READ` when the file cannot be read; the codes of
 *   `decodeSafetensors` and, for a checkpoint, of `decodeCheckpoint` when it is damaged; `CHECKPOINT_TENSORS` when its
 *   tensors are not those of the network, or, with `allowPartial`, none of them is; `CHECKPOINT_DTYPE` for a weight that is
 *   no float; `CHECKPOINT_VALUE` for one that is not finite
 *
 * @example
 * const { missing } = await loadWeights(model, "base.safetensors", { allowPartial: true });
 * await fit(model, data); // begins with them
 */
export async function loadWeights(
  model: TrainableNetwork,
  file: string,
  { allowPartial = false }: LoadWeightsOptions = {},
): Promise<LoadedWeights> {
  const bytes = await readWhole(file);
  const { entries, data, verified, metadata } = openWeights(bytes, file);
  const match = matchTensors(model.parameters, entries);
  const { fitting, missing, otherShape, unknown } = match;
  const isWhole = missing.length + otherShape.length + unknown.length === 0;
  if (fitting.size === 0 || !(isWhole || allowPartial)) throw weightsMismatch(match, file, allowPartial);
  const weights = model.getWeights();
  for (const { name, offset } of model.parameters) {
    const found = fitting.get(name);
    if (found !== undefined) weights.set(finite(weightsIn(data, found, file), name, file), offset);
  }
  // Refused before the network is changed, where it cannot be read.
  const before = Object.hasOwn(metadata, modelKey) ? restoreNetwork(metadata, file) : undefined;
  model.setWeights(weights);
  if (before !== undefined) takeMeaning(model, before, isWhole);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sha256, verified, loaded: [...fitting.keys()], missing, otherShape, unknown };
}

/** Of a checkpoint, the tensors that are weights. */
function openWeights(
  bytes: Uint8Array,
  file: string,
): Pick<SafetensorsFile, "entries" | "data" | "verified" | "metadata"> {
  const opened = openSafetensors(bytes, file);
  if (!Object.hasOwn(opened.metadata, checkpointKeys.format)) return opened;
  const { parameters } = decodeCheckpoint(bytes, file);
  return { ...opened, entries: opened.entries.slice(0, parameters.length) };
}

/** Weights go with the numbers that they were trained on: what the network does not say itself, it takes over. */
function takeMeaning(model: TrainableNetwork, { inputShape, meaning }: Network, isWhole: boolean): void {
  model.normalization ??= meaning.normalization;
  if (model.inputShape.every((size, i) => size === inputShape[i])) model.pictureFit ??= meaning.pictureFit;
  if (isWhole) model.classNames ??= meaning.classNames;
}

function finite(data: Float32Array, name: string, file: string): Float32Array {
  const value = data.find((one) => !Number.isFinite(one));
  if (value === undefined) return data;
  throw new CoreError(
    "CHECKPOINT_VALUE",
    `tensor ${quoted(name)} of ${file} has a weight of ${value}, from which nothing can be learned. Use another file.`,
  );
}
