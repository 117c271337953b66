/** Where in a run something happened. Workers count from 0; epochs and steps from 1, steps within their epoch. */
export interface RunPosition {
  readonly worker?: number | undefined;
  readonly epoch?: number | undefined;
  readonly step?: number | undefined;
}

/**
 * An error of `@convoy/parallel` that the caller can act on.
 *
 * The message says what was expected, what came, where, and what to do next; the code is stable. A failure of a run
 * also carries `worker`, `epoch` and `step`, and the first cause as `cause`.
 *
 * @example
 * try { await fit(model, data, { epochs: 0 }) } catch (error) { error.code } // "FIT_OPTION"
 */
export class ParallelError extends Error {
  override readonly name = "ParallelError";
  readonly code: string;
  readonly worker: number | undefined;
  readonly epoch: number | undefined;
  readonly step: number | undefined;

  constructor(code: string, message: string, { worker, epoch, step, ...options }: RunPosition & ErrorOptions = {}) {
    super(`${code}: ${message}`, options);
    this.code = code;
    this.worker = worker;
    this.epoch = epoch;
    this.step = step;
  }
}
