import { words } from "../control/words.ts";

/** What the caller hears of a run, and how it stops one: by its signal, or by an event handler that throws. */
export class Listener<Event> {
  readonly #control: Int32Array;
  readonly #signal: AbortSignal | undefined;
  readonly #onEvent: ((event: Event) => void) | undefined;
  readonly #stop = Promise.withResolvers<undefined>();
  #failure: { readonly error: unknown } | undefined;

  constructor(control: Int32Array, signal: AbortSignal | undefined, onEvent: ((event: Event) => void) | undefined) {
    this.#control = control;
    this.#signal = signal;
    this.#onEvent = onEvent;
    signal?.addEventListener("abort", this.#requestStop);
  }

  /** Resolves when the caller wants a stop; see `stopped` for a wish that was there at the start. */
  get stopping(): Promise<undefined> {
    return this.#stop.promise;
  }

  get stopped(): boolean {
    return Atomics.load(this.#control, words.stopRequest) !== 0 || this.#signal?.aborted === true;
  }

  tell(event: Event): void {
    if (this.#failure !== undefined) return;
    try {
      this.#onEvent?.(event);
    } catch (error) {
      // It may come out of a timer, where nobody could catch it: the run stops, and `fit` rejects with it.
      this.#failure = { error };
      this.#requestStop();
    }
  }

  close(): void {
    this.#signal?.removeEventListener("abort", this.#requestStop);
  }

  /** @throws what the event handler threw */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  // The last worker at the end of a step reads it for all.
  readonly #requestStop = (): void => {
    Atomics.store(this.#control, words.stopRequest, 1);
    this.#stop.resolve(undefined);
  };
}
