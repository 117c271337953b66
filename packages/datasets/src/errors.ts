/**
 * An error of `@convoy/datasets` that the caller can act on.
 *
 * The message says what was expected, what came, where, and what to do next; the code is stable.
 *
 * @example
 * try { await loadDataset("minst") } catch (error) { error.code } // "DATASET_UNKNOWN"
 */
export class DatasetError extends Error {
  override readonly name = "DatasetError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}
