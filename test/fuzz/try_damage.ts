import process from "node:process";
import type { ExecutionContext } from "ava";
import fc from "fast-check";
import { damaged, damages } from "./damage.ts";
import type { FuzzedFile } from "./damaged_files.ts";

/** To repeat a failure: the seed that it printed. */
const givenSeed = process.env["CONVOY_FUZZ_SEED"];

/** Damages a file that often, each time in another way, and reads it. */
export async function tryDamage(
  t: ExecutionContext,
  { what, bytes, read }: FuzzedFile,
  numRuns: number,
): Promise<void> {
  const seed = givenSeed === undefined ? Date.now() % 2 ** 31 : Number(givenSeed);
  const counts = { loaded: 0, refused: 0, detected: 0 };
  const property = fc.asyncProperty(damages, async (all) => {
    counts[await read(damaged(bytes, all))]++;
  });
  t.log(`CONVOY_FUZZ_SEED=${seed}`);
  await fc.assert(property, { numRuns, seed, includeErrorInReport: true });
  t.log(`${what}, ${numRuns} times: ${JSON.stringify(counts)}`);
  t.is(counts.loaded + counts.refused + counts.detected, numRuns);
  // Where next to nothing is refused, nothing is read, or the damage is none.
  t.true(counts.refused + counts.detected > numRuns / 10);
  t.is(await read(bytes), "loaded");
}
