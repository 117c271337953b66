/** Wishes from outside that a run be saved while it goes on. */
export class SaveRequests {
  #asked: string | undefined;
  #passedOn: string | undefined;

  /** @param by who asks, as it goes on a line for people: the name of a signal */
  ask(by: string): void {
    this.#asked = by;
  }

  /** Whether there is a wish that nobody has been told of: once for each. */
  take(): boolean {
    if (this.#asked === undefined) return false;
    this.#passedOn = this.#asked;
    this.#asked = undefined;
    return true;
  }

  /** Who asked for the checkpoint that is about to be saved, if anyone did. */
  answer(): string | undefined {
    const by = this.#passedOn;
    this.#passedOn = undefined;
    return by;
  }
}
