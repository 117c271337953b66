import type { Meaning, Sequential } from "../model/sequential.ts";

/** More than names of classes ever take. JSON from a stranger can take twenty times its own size in memory. */
const longest = 2 ** 16;

/**
 * Before networks said what their numbers mean, the trainer wrote it beside them into the metadata. What is there and makes
 * sense is taken.
 */
export function takeFormerMeaning(model: Sequential, metadata: Readonly<Record<string, string>>): void {
  for (const name of ["normalization", "classNames"] as const) {
    const text = Object.hasOwn(metadata, name) ? metadata[name] : "";
    if (model[name] !== undefined || text.length > longest) continue;
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- judged by the network itself
      Object.assign(model, { [name]: JSON.parse(text) as Meaning[typeof name] });
    } catch {
      // Metadata is free text: any program may use these names for something else.
    }
  }
}
