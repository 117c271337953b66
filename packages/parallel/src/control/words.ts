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
    | "arrivals"
    | "stopRequest"
    | "snapshotWanted"
    | "snapshotDue"
    | "abort"
    | "nonFinite",
    number
  >
> = {
  /** Counts the barriers that all have passed. Waiting threads sleep on it. */
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
  arrivals: line,
  /** Main asks for a stop: all stop after the same step. */
  stopRequest: 2 * line,
  /** Main asks for a copy of the run, at the first step that makes it so many whole ones; of these the last 32 bits. */
  snapshotWanted: 2 * line + 1,
  snapshotDue: 2 * line + 2,
  /** Main ends the run at once: a peer is dead or hangs, so that no barrier can complete. */
  abort: 3 * line,
  /** A worker found a loss, gradient or weight that is not finite in this step. */
  nonFinite: 4 * line,
};

/** What the last thread to arrive at the end of a step decided for all. */
export const decisions = { goOn: 0, stop: 1, nonFinite: 2 } as const;

/** Where a worker shows that it lives. */
export function heartbeat(worker: number): number {
  return (5 + worker) * line;
}

/**
 * Makes the words ready for fresh threads, after ones that may have died anywhere: halfway through a barrier too. None of
 * the old threads may live. What is whole stays counted, and a wish to stop stays. A copy of the run that lies aside or was
 * being made is dropped; main asks for another.
 */
export function resetWords(control: Int32Array): void {
  for (const word of [words.arrivals, words.abort, words.nonFinite, words.snapshot, words.snapshotWanted]) {
    Atomics.store(control, word, 0);
  }
}

export function controlBytes(workers: number): number {
  return heartbeat(workers) * Int32Array.BYTES_PER_ELEMENT;
}
