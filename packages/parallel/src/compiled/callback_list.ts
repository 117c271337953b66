import type { LayersCallback, Logs } from "./callbacks.ts";

/** Calls callbacks one after the other, as tfjs does it. What one throws stops the run, and `fit` rejects with it. */
export class CallbackList {
  readonly #callbacks: readonly LayersCallback[];

  constructor(callbacks: readonly LayersCallback[]) {
    this.#callbacks = callbacks;
  }

  /** Before the first epoch. */
  async begin(params: object, model: unknown): Promise<void> {
    for (const callback of this.#callbacks) {
      callback.setParams?.(params as never);
      callback.setModel?.(model as never);
    }
    await this.#call("onTrainBegin", {});
  }

  async end(): Promise<void> {
    await this.#call("onTrainEnd", {});
  }

  /** @param epoch from 0 */
  async beginEpoch(epoch: number): Promise<void> {
    await this.#call("onEpochBegin", epoch, {});
  }

  async endEpoch(epoch: number, logs: Logs): Promise<void> {
    await this.#call("onEpochEnd", epoch, { ...logs });
  }

  async #call(name: keyof LayersCallback, ...args: unknown[]): Promise<void> {
    for (const callback of this.#callbacks) {
      const method = callback[name] as ((...all: readonly unknown[]) => unknown) | undefined;
      // In their order.
      // oxlint-disable-next-line no-await-in-loop
      await method?.call(callback, ...args);
    }
  }
}
