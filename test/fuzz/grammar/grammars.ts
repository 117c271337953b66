import type fc from "fast-check";
import type { ReaderName } from "../../memory/readers.ts";
import { idx } from "./idx.ts";
import { lock, metrics, runFile, verdict } from "./run_files.ts";
import { checkpoint, savedNetwork, weights } from "./safetensors.ts";

/** What files of a kind are made of, and the class of the errors that refuse them, where some are refused. */
export interface Grammar {
  readonly files: fc.Arbitrary<Uint8Array>;
  readonly errors: "CoreError" | "DatasetError" | "UsageError" | "none";
  /** What must be true of a file that was read, beside that it was. */
  readonly holds?: (before: Uint8Array, after: Uint8Array) => boolean;
}

/** What is cut off is the end, from the start of a line on. */
function isWholeLines(before: Uint8Array, after: Uint8Array): boolean {
  return Buffer.from(before.subarray(0, after.length)).equals(after) && (after.length === 0 || after.at(-1) === 0x0a);
}

export const grammars: Readonly<Record<ReaderName, Grammar>> = {
  "weights for a network": { files: weights, errors: "CoreError" },
  "a saved network": { files: savedNetwork, errors: "CoreError" },
  "a checkpoint": { files: checkpoint, errors: "CoreError" },
  "run.json": { files: runFile, errors: "UsageError" },
  "metrics.jsonl": { files: metrics, errors: "none", holds: isWholeLines },
  "a lock": { files: lock, errors: "UsageError" },
  "a verdict on kernels": { files: verdict, errors: "none" },
  "an IDX file": { files: idx(4), errors: "DatasetError" },
  "labels in IDX": { files: idx(1), errors: "DatasetError" },
};
