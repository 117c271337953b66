import { closeSync, constants, fsyncSync, writeSync } from "node:fs";
import { openRegularFileSync } from "@convoy/core/training";
import { SaveError } from "../errors.ts";

/**
 * Appends lines to a file, whatever happens to it: what cannot be written now is kept, and comes before what is written
 * next. A process that is killed leaves at most its last line torn. A link or a pipe in the file's place gets none of it.
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

  /**
   * What was written before outlives a power cut: to be called before anything says that it is there.
   *
   * @throws SaveError METRICS_WRITE when it is not there
   */
  sync(): void {
    const failure = this.#try(() => {
      this.#writeOut();
      if (this.#descriptor !== undefined) fsyncSync(this.#descriptor);
    });
    if (failure !== undefined) throw this.#notWritten("wait in memory", failure);
  }

  /** @throws SaveError METRICS_WRITE when lines are lost */
  close(): void {
    try {
      const failure = this.#try(() => {
        this.#writeOut();
        if (this.#descriptor !== undefined) fsyncSync(this.#descriptor);
      });
      if (failure !== undefined) throw this.#notWritten("are lost", failure);
    } finally {
      if (this.#descriptor !== undefined) closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }

  #writeOut(): void {
    if (this.#waiting.length === 0) return;
    const { O_APPEND, O_CREAT, O_WRONLY } = constants;
    this.#descriptor ??= openRegularFileSync(this.file, O_WRONLY | O_APPEND | O_CREAT, { follow: false });
    // A full disk may take a part: the rest follows byte for byte when there is room again.
    while (this.#waiting.length > 0) {
      this.#waiting = this.#waiting.subarray(writeSync(this.#descriptor, this.#waiting));
    }
  }

  #try(work: () => void): Error | undefined {
    try {
      work();
      this.#isFailing = false;
      return undefined;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (!this.#isFailing) this.#onFailure(failure);
      this.#isFailing = true;
      return failure;
    }
  }

  #notWritten(fate: string, cause: Error): SaveError {
    const what = `${this.file} cannot be written: ${cause.message}. Its newest lines ${fate}; make room.`;
    return new SaveError("METRICS_WRITE", what, { cause });
  }
}
