import { CoreError } from "../../errors.ts";
import type { OtherShape, TensorMatch } from "./match_tensors.ts";
import { quoted } from "../../network/printable.ts";

/** So many differences of a kind are named. */
const most = 3;

/**
 * Says how the tensors of a file differ from those of a network, and what helps.
 *
 * @param allowPartial whether what does not fit may be left aside already
 */
export function weightsMismatch(match: TensorMatch<unknown>, file: string, allowPartial: boolean): CoreError {
  const { fitting, missing, otherShape, unknown } = match;
  const differences = [
    ...listed("it has no ", missing.map(quoted)),
    ...listed("of another shape is ", otherShape.map(shapes)),
    ...listed("the network has no ", unknown.map(quoted)),
  ];
  const what =
    fitting.size === 0 ? "has no weights of this network" : "does not hold exactly the weights of this network";
  const partial =
    fitting.size > 0 && !allowPartial ? [" To take those that fit, give allowPartial (--allow-partial)."] : [];
  const advice = `${cure(match)}${partial.join("")}`;
  return new CoreError("CHECKPOINT_TENSORS", `${file} ${what}: ${differences.join("; ")}. ${advice}`);
}

function cure({ missing, otherShape, unknown }: TensorMatch<unknown>): string {
  if (missing.length + otherShape.length === 0)
    return "All of the network's weights are there, and others beside them.";
  const prefix = prefixOf(missing, unknown);
  if (prefix !== undefined) return `Its names have ${quoted(prefix)} in front: take that away.`;
  if (unknown.some((name) => /\.(weight|bias)$/.test(name))) {
    return "Its names are PyTorch's: name and turn its tensors as the network has them, such as [in, out] for dense layers.";
  }
  if (missing.length + unknown.length === 0 && otherShape.every(isTurned)) {
    return "Their axes are in another order, as PyTorch has them: turn them to the network's.";
  }
  return "Use the network that they belong to, or a file whose tensors have its names and shapes.";
}

/** What stands before the names of the network in those of the file, such as "model."; nothing where that explains nothing. */
function prefixOf(missing: readonly string[], unknown: readonly string[]): string | undefined {
  const [first] = missing;
  if (first === undefined) return undefined;
  const names = new Set(unknown);
  const prefixes = unknown.filter((name) => name.endsWith(first)).map((name) => name.slice(0, -first.length));
  return prefixes.slice(0, most).find((prefix) => missing.every((name) => names.has(`${prefix}${name}`)));
}

function isTurned({ shape, needed }: OtherShape): boolean {
  return inOrder(shape) === inOrder(needed);
}

function inOrder(sizes: readonly number[]): string {
  return sizes.toSorted((a, b) => a - b).join();
}

function shapes({ name, shape, needed }: OtherShape): string {
  const sizes = shape.length > 8 ? `${shape.slice(0, 8).join(", ")}, …` : shape.join(", ");
  return `${quoted(name)}, [${sizes}] and not [${needed.join(", ")}]`;
}

function listed(before: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  const more = texts.length > most ? ` and ${texts.length - most} more` : "";
  return [`${before}${texts.slice(0, most).join(", ")}${more}`];
}
