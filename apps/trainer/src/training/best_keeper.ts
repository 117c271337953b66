import { setImmediate as nextTurn } from "node:timers/promises";
import type { BestResult } from "@convoy/parallel";

/** Saves the newest best weights while training goes on, one after the other; what could not be saved is tried again. */
export class BestKeeper {
  readonly #save: (best: BestResult | undefined) => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #newest: BestResult | undefined;
  #isSaved = true;
  #saving: Promise<void> | undefined;

  /** @param save gets nothing where there are no best weights */
  constructor(save: (best: BestResult | undefined) => Promise<void>, onFailure: (error: unknown) => void) {
    this.#save = save;
    this.#onFailure = onFailure;
  }

  keep(best: BestResult | undefined): void {
    this.#newest = best;
    this.#isSaved = false;
    this.retry();
  }

  /** To be called now and then. */
  retry(): void {
    if (this.#isSaved) return;
    this.#saving ??= this.#saveNewest().then((failure) => {
      if (failure !== undefined) this.#onFailure(failure);
    });
  }

  /**
   * Waits until the newest is saved, and tries once more where it was not.
   *
   * @returns why it could not be saved, if it is not
   */
  async settle(): Promise<unknown> {
    await this.#saving;
    return this.#saveNewest();
  }

  async #saveNewest(): Promise<unknown> {
    let failure: unknown;
    while (!this.#isSaved && failure === undefined) {
      // A run that goes on says first that it has none, and at once which it has: only the second is to be done.
      await nextTurn();
      this.#isSaved = true;
      try {
        await this.#save(this.#newest);
      } catch (error) {
        this.#isSaved = false;
        failure = error;
      }
    }
    this.#saving = undefined;
    return failure;
  }
}
