import type { Row } from "../result.ts";
import type { Case } from "./cases.ts";
import type { Setup } from "./setups.ts";

/**
 * Why a set-up is not worth its time on a case; undefined when it is. Convoy's own are always tried.
 *
 * @param search what the search found so far, at smaller batches too
 */
export function reasonNotToTry(
  { peer, name }: Setup,
  { network, batchSize }: Pick<Case, "network" | "batchSize">,
  search: readonly Row[],
): string | undefined {
  if (peer === "Convoy") return undefined;
  if (peer === "tfjs cpu" && (network !== "seed-cnn" || batchSize > 64)) {
    return "seconds for a step; it is measured with the seed network at batch 64 only";
  }
  if (peer === "tfjs wasm" && batchSize > 64) return "too slow; it is measured at batch 64 only";
  const earlier = search.filter(
    (row) => row["peer"] === peer && row["network"] === network && row["batchSize"] !== batchSize,
  );
  const own = earlier.find((row) => row["setup"] === name);
  const best = Math.max(...earlier.map(({ median }) => median));
  if (own === undefined || own.median >= best / 2) return undefined;
  return `less than half as fast as the peer's best set-up at batch ${own["batchSize"]}`;
}
