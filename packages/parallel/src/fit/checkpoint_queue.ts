import { setImmediate as nextTurn } from "node:timers/promises";
import type { Checkpoint } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import { everyTick } from "../pool/ticks.ts";
import type { CheckpointOptions } from "./checkpoint_options.ts";
import type { SavedCheckpoints } from "./result.ts";

/** Once a stop is asked for, a save that takes so long, and 20 times as long as any before, is given up. */
const usualPatience = 10_000;
const timesSlowest = 20;

/**
 * Saves checkpoints one after the other. While one is being saved, at most one waits: a newer one takes its place, because
 * only the newest is worth the memory.
 */
export class CheckpointQueue {
  readonly #save: CheckpointOptions["save"];
  readonly #onFailure: (checkpoint: Checkpoint, error: unknown) => void;
  #waiting: Checkpoint | undefined;
  #saving: Promise<void> | undefined;
  #step = 0;
  #slowest = 0;
  /** Milliseconds since the save began, or since a stop was asked for. */
  #waited = 0;
  #isGivenUp = false;
  #outcome: SavedCheckpoints = { step: undefined, failure: undefined };

  constructor(save: CheckpointOptions["save"], onFailure: (checkpoint: Checkpoint, error: unknown) => void) {
    this.#save = save;
    this.#onFailure = onFailure;
  }

  /** A save did not end after a stop was asked for: nothing more is saved. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Would another one take the place of one that waits? */
  get full(): boolean {
    return this.#waiting !== undefined;
  }

  get outcome(): SavedCheckpoints {
    return this.#outcome;
  }

  offer(checkpoint: Checkpoint): void {
    if (this.#isGivenUp) return;
    this.#waiting = checkpoint;
    this.#saving ??= this.#saveAll();
  }

  /**
   * Waits until nothing is left to save.
   *
   * @param signal asks for a stop: a save that does not end then is given up
   */
  async settle(signal?: AbortSignal, patience: number = usualPatience): Promise<void> {
    if (this.#saving === undefined) return;
    if (signal === undefined) return this.#saving;
    const { promise: givenUp, resolve } = Promise.withResolvers<void>();
    const timer = everyTick((milliseconds) => {
      if (!signal.aborted) return;
      this.#waited += milliseconds;
      if (this.#waited < Math.max(patience, timesSlowest * this.#slowest)) return;
      this.#giveUp();
      resolve();
    });
    await Promise.race([this.#saving, givenUp]);
    clearInterval(timer);
  }

  #giveUp(): void {
    const last = this.#take();
    const step = last?.step ?? this.#step;
    const error = new ParallelError(
      "SAVE_UNFINISHED",
      `a stop was asked for, and the checkpoint after step ${this.#step} was still not saved ` +
        `${Math.round(this.#waited / 1000)} s later. It may come yet; do not count on it. See what \`save\` waits for.`,
    );
    this.#isGivenUp = true;
    this.#outcome = { ...this.#outcome, failure: { step, error } };
  }

  async #saveAll(): Promise<void> {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const { step } = next;
      this.#step = step;
      this.#waited = 0;
      const start = performance.now();
      // Writing a file begins with work that takes this thread: first the workers get their next task.
      await nextTurn();
      try {
        await this.#save(next);
        this.#slowest = Math.max(this.#slowest, performance.now() - start);
        this.#outcome = { ...this.#outcome, step };
      } catch (error) {
        this.#outcome = { ...this.#outcome, failure: { step, error } };
        this.#onFailure(next, error);
      }
    }
    this.#saving = undefined;
  }

  #take(): Checkpoint | undefined {
    const next = this.#waiting;
    this.#waiting = undefined;
    return next;
  }
}
