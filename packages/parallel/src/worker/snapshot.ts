import { words } from "../control/words.ts";
import type { Run } from "./task.ts";

/** Copies a run between two of its steps aside, so that the main thread can fetch it while the next steps run. */
export class Snapshot {
  readonly #control: Int32Array;
  /** Parameters and state that count after an even number of steps, and after an odd one. */
  readonly #sources: readonly [readonly Float32Array[], readonly Float32Array[]];
  readonly #targets: readonly Float32Array[];

  constructor({ memory, layout }: Run, control: Int32Array) {
    const vector = (address: number): Float32Array => new Float32Array(memory.buffer, address, layout.parameterCount);
    const side = (at: 0 | 1): Float32Array[] => [layout.parameters[at], ...layout.state[at]].map(vector);
    this.#control = control;
    this.#sources = [side(0), side(1)];
    this.#targets = layout.snapshot.map(vector);
  }

  /**
   * To be called in one worker while the others wait, so that nobody writes to what is copied.
   *
   * @param steps that are whole
   */
  takeIfDue(steps: number): void {
    const control = this.#control;
    if (Atomics.load(control, words.snapshotWanted) === 0) return;
    // Must follow the look at the wish, which main writes after it. Both are 32 bits of a longer number.
    if (((steps - Atomics.load(control, words.snapshotDue)) | 0) < 0) return;
    // Main has not fetched the one before. It sets the word back after it has read the copy, which we write over now.
    if (Atomics.load(control, words.snapshot) !== 0) return;
    const sources = this.#sources[steps % 2];
    for (let i = 0; i < this.#targets.length; i++) this.#targets[i].set(sources[i]);
    Atomics.store(control, words.snapshotWanted, 0);
    Atomics.store(control, words.snapshotSteps, steps);
    // Must follow the copy and its number: main reads this word, and then them.
    Atomics.store(control, words.snapshot, 1);
  }
}
