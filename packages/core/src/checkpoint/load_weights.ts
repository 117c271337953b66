import { createHash } from "node:crypto";
import { CoreError } from "../errors.ts";
import type { Sequential } from "../model/sequential.ts";
import { checkpointKeys } from "./checkpoint.ts";
import { decodeCheckpoint } from "./decode_checkpoint.ts";
import { matchTensors, type OtherShape, type TensorMatch } from "./match_tensors.ts";
import { quoted } from "./printable.ts";
import { readWhole } from "./read_file.ts";
import { decodeSafetensors, type NamedTensor } from "./safetensors.ts";
import { elements } from "./tensor_shape.ts";

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
  /** In the file, and not in the network. */
  readonly unknown: readonly string[];
}

/** So many differences of a kind are named. */
const most = 3;

/**
 * Puts the weights of a safetensors file, ours or another program's, into a network that is there: a start for new
 * training. Of a checkpoint the weights are taken, and not the state of its optimizer.
 *
 * @param model its parameters are filled by name and shape, such as "conv2d_1/kernel" of [3, 3, 1, 16]; it is not changed
 *   when something is thrown
 *
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE` or `CHECKPOINT_READ` when the file cannot be read; the codes of
 *   `decodeSafetensors` and, for a checkpoint, of `decodeCheckpoint` when it is damaged; `CHECKPOINT_TENSORS` when its
 *   tensors are not those of the network, or, with `allowPartial`, none of them is; `CHECKPOINT_VALUE` for a weight that
 *   is not finite
 *
 * @example
 * const { missing } = await loadWeights(model, "base.safetensors", { allowPartial: true });
 * await fit(model, data); // begins with them
 */
export async function loadWeights(
  model: Sequential,
  file: string,
  { allowPartial = false }: LoadWeightsOptions = {},
): Promise<LoadedWeights> {
  const bytes = await readWhole(file);
  const { tensors, verified } = readTensors(bytes, file);
  const match = matchTensors(model.parameters, tensors);
  const { fitting, missing, otherShape, unknown } = match;
  const isWhole = missing.length + otherShape.length + unknown.length === 0;
  if (fitting.size === 0 || !(isWhole || allowPartial)) throw mismatch(match, file);
  const weights = model.getWeights();
  for (const { name, offset } of model.parameters) {
    const data = fitting.get(name)?.data;
    if (data !== undefined) weights.set(finite(data, name, file), offset);
  }
  model.setWeights(weights);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sha256, verified, loaded: [...fitting.keys()], missing, otherShape, unknown };
}

function readTensors(
  bytes: Uint8Array,
  file: string,
): { readonly tensors: readonly NamedTensor[]; readonly verified: boolean } {
  const content = decodeSafetensors(bytes, file);
  if (!Object.hasOwn(content.metadata, checkpointKeys.format)) return content;
  const { parameters, weights } = decodeCheckpoint(bytes, file);
  let offset = 0;
  const tensors = parameters.map(({ name, shape }) => {
    const begin = offset;
    offset += elements(shape) ?? 0;
    return { name, shape, data: weights.subarray(begin, offset) };
  });
  return { tensors, verified: content.verified };
}

function finite(data: Float32Array, name: string, file: string): Float32Array {
  const value = data.find((one) => !Number.isFinite(one));
  if (value === undefined) return data;
  throw new CoreError(
    "CHECKPOINT_VALUE",
    `tensor ${quoted(name)} of ${file} has a weight of ${value}, from which nothing can be learned. Use another file.`,
  );
}

function mismatch({ fitting, missing, otherShape, unknown }: TensorMatch<NamedTensor>, file: string): CoreError {
  const nothing = fitting.size === 0;
  const differences = [
    ...listed("it has no ", missing.map(quoted)),
    ...listed("of another shape is ", otherShape.map(shapes)),
    ...listed("the network has no ", unknown.map(quoted)),
  ];
  const what = nothing ? "has no weights of this network" : "does not hold exactly the weights of this network";
  const advice = nothing
    ? "Use a file whose tensors have the network's own names and shapes."
    : "Use the network that they belong to, or take those that fit with allowPartial (--allow-partial).";
  return new CoreError("CHECKPOINT_TENSORS", `${file} ${what}: ${differences.join("; ")}. ${advice}`);
}

function shapes({ name, shape, needed }: OtherShape): string {
  return `${quoted(name)}, [${shape.join(", ")}] and not [${needed.join(", ")}]`;
}

function listed(before: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  const more = texts.length > most ? ` and ${texts.length - most} more` : "";
  return [`${before}${texts.slice(0, most).join(", ")}${more}`];
}
