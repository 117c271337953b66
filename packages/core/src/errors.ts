/**
 * An error of `@convoy/core` that the caller can act on.
 *
 * The message says what was expected, what came, where, and what to do next; the code is stable.
 *
 * @example
 * try { conv2d({ filters: 0, kernelSize: 3 }) } catch (error) { error.code } // "LAYER_OPTION"
 */
export class CoreError extends Error {
  override readonly name = "CoreError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}
