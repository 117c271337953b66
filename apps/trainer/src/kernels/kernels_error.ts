/** The kernels that the user demands cannot run here; it ends the program with exit code 1. */
export class KernelsError extends Error {
  override readonly name = "KernelsError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
