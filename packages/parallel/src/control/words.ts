import { maximumShards } from "../plan/shards.ts";

/**
 * The Int32 words at the start of the shared memory by which threads speak to each other. Words that different threads
 * write, or that one writes while others spin on another, are a cache line apart.
 */
const line = 16;

export const words: Readonly<
  Record<
    | "generation"
    | "decision"
    | "committed"
    | "snapshot"
    | "snapshotSteps"
    | "fine"
    | "arrivals"
    | "reduced"
    | "stopRequest"
    | "snapshotWanted"
    | "snapshotDue"
    | "abort"
    | "nonFinite"
    | "chunk"
    | "uneven"
    | "fineSteps"
    | "alertSteps",
    number
  >
> = {
  /** Counts what many wait for: that all parts of a step are published, that a step has ended. Waiting threads sleep on it. */
  generation: 0,
  /** Beside the generation: written with the release, read right after it. See `decisions`. */
  decision: 1,
  /**
   * The last 32 bits of the number of optimizer steps that are whole; see `wholeSteps`. Step n reads parameters n mod 2: after
   * n whole steps, those are the ones.
   */
  committed: 2,
  /** 1 while a copy of the run lies aside; 0 when main has fetched it. */
  snapshot: 3,
  /** After how many optimizer steps that copy was taken: the last 32 bits. */
  snapshotSteps: 4,
  /** 1 where the step is cut into its small parts. Changes between two steps. */
  fine: 5,
  /** Workers that have come to a barrier, or parts of the step that are published. */
  arrivals: line,
  /** Slices of the step that are reduced. */
  reduced: line + 1,
  /** Main asks for a stop: all stop after the same step. */
  stopRequest: 2 * line,
  /** Main asks for a copy of the run, at the first step that makes it so many whole ones; of these the last 32 bits. */
  snapshotWanted: 2 * line + 1,
  snapshotDue: 2 * line + 2,
  /** Main ends the run at once: a peer is dead or hangs, so that no barrier can complete. */
  abort: 3 * line,
  /** A worker found a loss, gradient or weight that is not finite in this step. */
  nonFinite: 4 * line,
  /** The next chunk of an evaluation that nobody has taken. */
  chunk: 5 * line,
  /** 1 when a worker was put aside in this step, so that others had to wait for it or do its part again. */
  uneven: 6 * line,
  /** Of those who end a step: for how many steps more the parts are small, and for how many another uneven one makes them so. */
  fineSteps: 6 * line + 1,
  alertSteps: 6 * line + 2,
};

/** What the last thread at the end of a step decided for all. */
export const decisions = { goOn: 0, stop: 1, nonFinite: 2 } as const;

/** Where the claims of each part and slice of a step lie; see `Claims`. */
export function place(at: number): number {
  return (7 + at) * line;
}

/** A step has so many places for claims. */
export const places: number = maximumShards;

/** Where a worker shows that it lives. Behind it lie the words that it has in `Claims`. */
export function heartbeat(worker: number): number {
  return place(places + worker);
}

/**
 * Makes the words ready for fresh threads, after ones that may have died anywhere: halfway through a barrier too. None of
 * the old threads may live. What is whole stays counted, and a wish to stop stays. A copy of the run that lies aside or was
 * being made is dropped; main asks for another.
 */
export function resetWords(control: Int32Array): void {
  const { arrivals, reduced, abort, nonFinite, snapshot, snapshotWanted, uneven, chunk } = words;
  for (const word of [arrivals, reduced, abort, nonFinite, snapshot, snapshotWanted, uneven, chunk]) {
    Atomics.store(control, word, 0);
  }
}

export function controlBytes(workers: number): number {
  return heartbeat(workers) * Int32Array.BYTES_PER_ELEMENT;
}
