import { fstatSync, writeSync } from "node:fs";
import type { TextStream } from "@convoy/parallel/progress";

/**
 * A regular file in the place of a stream of the process, written to the last byte or not at all without a word: of what a
 * full disk takes only a part, Node's own stream drops the rest in silence.
 *
 * @param onError is told once; what is written later is dropped
 * @returns nothing where the descriptor is something else, which tells of its failures
 */
export function fileStream(
  descriptor: number,
  onError: (error: NodeJS.ErrnoException) => void,
): TextStream | undefined {
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
  } catch {
    return undefined;
  }
  let isBroken = false;
  return {
    get destroyed() {
      return isBroken;
    },
    write: (text) => {
      try {
        let bytes = Buffer.from(text);
        while (bytes.length > 0) bytes = bytes.subarray(writeSync(descriptor, bytes));
      } catch (error) {
        isBroken = true;
        onError(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}
