import type { Network } from "../../network/build_network.ts";
import { type Meaning, withMeaning } from "../../network/meaning.ts";

/** More than names of classes ever take. JSON from a stranger can take twenty times its own size in memory. */
const longest = 2 ** 16;

/**
 * Before networks said what their numbers mean, the trainer wrote it beside them into the metadata. What is there and makes
 * sense is taken.
 */
export function withFormerMeaning(network: Network, metadata: Readonly<Record<string, string>>): Network {
  let { meaning } = network;
  for (const name of ["normalization", "classNames"] as const) {
    const text = Object.hasOwn(metadata, name) ? metadata[name] : "";
    if (meaning[name] !== undefined || text.length > longest) continue;
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- judged by `withMeaning`
      meaning = withMeaning(meaning, { [name]: JSON.parse(text) as Meaning[typeof name] }, network);
    } catch {
      // Metadata is free text: any program may use these names for something else.
    }
  }
  return { ...network, meaning };
}
