import { places } from "../control/words.ts";
import { split } from "./split.ts";

/** A stretch of the flat vector: floats from `start` up to, not including, `end`. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** 64 bytes: two workers never write to the same cache line. */
const floatsPerLine = 16;

/**
 * The slice of the flat vector that each worker reduces: whole cache lines, balanced; some are empty when the vector
 * has fewer lines than there are workers.
 */
export function slices(floats: number, workers: number): Slice[] {
  let line = 0;
  return split(Math.ceil(floats / floatsPerLine), workers).map((lines) => {
    const start = Math.min(line * floatsPerLine, floats);
    line += lines;
    return { start, end: Math.min(line * floatsPerLine, floats) };
  });
}

/** 64 KiB of each vector: between its addition and its use a sum does not leave the second-level cache. */
export const floatsAtOnce = 16_384;

/**
 * The slices that workers take in turns: of 64 KiB, or larger ones of longer vectors, and as many for each worker; 1 to 64.
 */
export function claimedSlices(floats: number, workers: number): Slice[] {
  const each = Math.ceil(floats / floatsAtOnce / workers);
  return slices(floats, Math.min(each, Math.floor(places / workers)) * workers).filter(({ start, end }) => start < end);
}
