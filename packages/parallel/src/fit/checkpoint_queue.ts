import { setImmediate as nextTurn } from "node:timers/promises";
import type { Checkpoint } from "@convoy/core/training";
import type { CheckpointOptions } from "./checkpoint_options.ts";
import type { SavedCheckpoints } from "./result.ts";

/**
 * Saves checkpoints one after the other. While one is being saved, at most one waits: a newer one takes its place, because
 * only the newest is worth the memory.
 */
export class CheckpointQueue {
  readonly #save: CheckpointOptions["save"];
  readonly #onFailure: (checkpoint: Checkpoint, error: unknown) => void;
  #waiting: Checkpoint | undefined;
  #saving: Promise<void> | undefined;
  #outcome: SavedCheckpoints = { step: undefined, failure: undefined };

  constructor(save: CheckpointOptions["save"], onFailure: (checkpoint: Checkpoint, error: unknown) => void) {
    this.#save = save;
    this.#onFailure = onFailure;
  }

  /** Would another one take the place of one that waits? */
  get full(): boolean {
    return this.#waiting !== undefined;
  }

  get outcome(): SavedCheckpoints {
    return this.#outcome;
  }

  offer(checkpoint: Checkpoint): void {
    this.#waiting = checkpoint;
    this.#saving ??= this.#saveAll();
  }

  /** Waits until nothing is left to save. */
  async settle(): Promise<void> {
    await this.#saving;
  }

  async #saveAll(): Promise<void> {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const { step } = next;
      // Writing a file begins with work that takes this thread: first the workers get their next task.
      await nextTurn();
      try {
        await this.#save(next);
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
