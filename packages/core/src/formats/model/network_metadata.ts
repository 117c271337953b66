import { CoreError } from "../../errors.ts";
import type { ParameterSpec } from "../../network/layers/built_layer.ts";
import { buildNetwork, type Network } from "../../network/build_network.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import { parseBoundedJson } from "../json/bounded_json.ts";
import { withFormerMeaning } from "./former_meaning.ts";
import { matchTensors } from "./match_tensors.ts";
import { quoted } from "../../network/printable.ts";
import type { NamedTensor } from "../safetensors/safetensors.ts";

/** Where the network itself stands in the metadata, as JSON. */
export const modelKey = "convoy.model";

/** Characters, and values in them: room for the most layers and for the names of the most classes. */
const largestText = 2 ** 21;
const mostValues = 2 ** 17;

/** @throws `CHECKPOINT_MODEL` for a network that could not be read again */
export function modelText(model: SequentialConfig): string {
  const text = JSON.stringify(model);
  if (text.length > largestText) throw tooLong("the network", text.length);
  return text;
}

function tooLong(what: string, length: number): CoreError {
  return new CoreError(
    "CHECKPOINT_MODEL",
    `${what} takes ${length} characters as JSON; ${largestText} are the most. Use fewer layers.`,
  );
}

/**
 * The network that a file of ours describes.
 *
 * @throws `CHECKPOINT_MODEL`
 */
export function restoreNetwork(metadata: Readonly<Record<string, string>>, file: string): Network {
  if (!Object.hasOwn(metadata, modelKey)) {
    const hint = "Only files that Convoy saved can be loaded without their network.";
    throw new CoreError("CHECKPOINT_MODEL", `${file} has no network in its metadata (${modelKey}). ${hint}`);
  }
  const text = metadata[modelKey];
  if (text.length > largestText) throw tooLong(`the network in ${file}`, text.length);
  try {
    return withFormerMeaning(buildNetwork(described(text)), metadata);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError("CHECKPOINT_MODEL", `the network in ${file} cannot be built: ${reason}`, { cause });
  }
}

function described(text: string): SequentialConfig {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- judged by the network itself
  return parseBoundedJson(text, mostValues) as SequentialConfig;
}

/**
 * Are these the tensors of that network, by name and shape, and no others?
 *
 * @returns each by its name
 * @throws `CHECKPOINT_TENSORS`
 */
export function checkTensors<Tensor extends Pick<NamedTensor, "name" | "shape">>(
  parameters: readonly Pick<ParameterSpec, "name" | "shape">[],
  tensors: readonly Tensor[],
  file: string,
): ReadonlyMap<string, Tensor> {
  const { fitting, missing, otherShape, unknown } = matchTensors(parameters, tensors);
  if (missing.length > 0) {
    throw new CoreError("CHECKPOINT_TENSORS", `${file} has no tensor ${missing[0]}, which its network needs.`);
  }
  if (otherShape.length > 0) {
    const [{ name, shape, needed }] = otherShape;
    throw new CoreError(
      "CHECKPOINT_TENSORS",
      `tensor ${quoted(name)} of ${file} is [${shape.join(", ")}]; its network needs [${needed.join(", ")}].`,
    );
  }
  if (unknown.length > 0) {
    throw new CoreError(
      "CHECKPOINT_TENSORS",
      `${file} has a tensor ${quoted(unknown[0])} that its network does not know.`,
    );
  }
  return fitting;
}
