import { controlBytes } from "../control/words.ts";
import { Addresses, checkMemory } from "./addresses.ts";

/** What is to lie in the memory that all threads share. */
export interface LayoutOptions {
  readonly parameterCount: number;
  /** Vectors of optimizer state: 0, 1 or 2. */
  readonly stateCount: number;
  readonly workers: number;
  /** The most that a step has. */
  readonly parts: number;
  readonly stepsPerEpoch: number;
  /** The most chunks of images in one evaluation; 0 without. */
  readonly chunks: number;
  /** Float64 of timings that a worker notes for each step; 0 without. */
  readonly timingsPerStep: number;
  /** Whether there is to be room for a copy of parameters and optimizer state. */
  readonly snapshot: boolean;
}

/** Byte addresses in the shared memory. Two of a kind: a step reads one and writes the other. */
export interface Layout {
  readonly bytes: number;
  readonly parameterCount: number;
  readonly parameters: readonly [number, number];
  readonly state: readonly [readonly number[], readonly number[]];
  /**
   * Vectors of parameterCount + 2 floats: gradient, loss, right answers. One for each worker's hand and one for each part, at
   * first in this order; see `Claims`.
   */
  readonly sums: readonly number[];
  /** One float32 a step of the epoch. */
  readonly losses: number;
  readonly corrects: number;
  /** Two float64 a chunk: sum of losses, right answers. */
  readonly scores: number;
  /** `timingsPerStep` float64 for each step of each worker. */
  readonly timings: number;
  /** Parameters, then each vector of optimizer state, as they were after some step; none without snapshots. */
  readonly snapshot: readonly number[];
}

/**
 * Lays out control words, parameters, optimizer state, sums and results in one memory.
 *
 * @throws `MEMORY_LIMIT` when they are more than WebAssembly can address, or than this machine has
 */
export function planLayout(options: LayoutOptions, available?: number): Layout {
  const { parameterCount, stateCount, workers, parts, stepsPerEpoch, chunks, timingsPerStep, snapshot } = options;
  const addresses = new Addresses(controlBytes(workers));
  const take = (size: number): number => addresses.take(size);
  const vector = (): number => take(parameterCount * 4);
  const vectors = (): number[] => Array.from({ length: stateCount }, vector);
  const layout = {
    parameterCount,
    parameters: [vector(), vector()],
    state: [vectors(), vectors()],
    sums: Array.from({ length: workers + parts }, () => take((parameterCount + 2) * 4)),
    losses: take(stepsPerEpoch * 4),
    corrects: take(stepsPerEpoch * 4),
    scores: take(chunks * 16),
    timings: take(workers * stepsPerEpoch * timingsPerStep * 8),
    snapshot: snapshot ? [vector(), ...vectors()] : [],
  } as const;
  const { bytes } = addresses;
  const what = `${parameterCount} parameters, ${stateCount} vectors of optimizer state and ${layout.sums.length} partial sums`;
  checkMemory(bytes, what, available);
  return { bytes, ...layout };
}
