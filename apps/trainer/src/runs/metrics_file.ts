import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Every event of a run, one JSON object a line: what --json writes. */
export const metricsFileName = "metrics.jsonl";

/**
 * Appends lines to a file, whatever happens to it: what cannot be written now is kept, and comes before what is written
 * next. A process that is killed leaves at most its last line torn.
 */
export class MetricsFile {
  readonly file: string;
  readonly #onFailure: (error: Error) => void;
  #descriptor: number | undefined;
  #waiting: Buffer = Buffer.alloc(0);
  #isFailing = false;

  /** @param onFailure told once, until it works again */
  constructor(file: string, onFailure: (error: Error) => void) {
    this.file = file;
    this.#onFailure = onFailure;
  }

  /** @param text whole lines */
  write(text: string): void {
    this.#waiting = Buffer.concat([this.#waiting, Buffer.from(text)]);
    this.#try(() => this.#writeOut());
  }

  /** What was written before outlives a power cut: to be called before anything says that it is there. */
  sync(): void {
    this.#try(() => {
      this.#writeOut();
      if (this.#descriptor !== undefined) fsyncSync(this.#descriptor);
    });
  }

  close(): void {
    this.#try(() => {
      this.#writeOut();
      if (this.#descriptor !== undefined) closeSync(this.#descriptor);
      this.#descriptor = undefined;
    });
  }

  #writeOut(): void {
    if (this.#waiting.length === 0) return;
    this.#descriptor ??= openSync(this.file, "a");
    // A full disk may take a part: the rest follows byte for byte when there is room again.
    while (this.#waiting.length > 0) {
      this.#waiting = this.#waiting.subarray(writeSync(this.#descriptor, this.#waiting));
    }
    this.#isFailing = false;
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (this.#isFailing) return;
      this.#isFailing = true;
      this.#onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
