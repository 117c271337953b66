import { CoreError } from "@convoy/core/replica";

/**
 * An error of `@convoy/tfjs` that the caller can act on.
 *
 * The message says what was expected, what came, where, and what to do next; the code is stable.
 *
 * @example
 * try { register({}) } catch (error) { error.code } // "TFJS_INSTANCE"
 */
export class TfjsError extends Error {
  override readonly name = "TfjsError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

/** Whether an error already says what to do: of this package, or of the one below. */
export function isCoded(error: unknown): error is TfjsError | CoreError {
  return error instanceof TfjsError || error instanceof CoreError;
}
