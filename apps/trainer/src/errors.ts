/** An error of the trainer: the message says what was expected, what came, where, and what to do next; the code is stable. */
abstract class TrainerError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

/** A mistake in what the user gave: an option, a value, a file, a folder. It ends the program with exit code 2. */
export class UsageError extends TrainerError {
  override readonly name = "UsageError";
}

/** A run that does not come to the same bits again: exit code 1. */
export class VerifyError extends TrainerError {
  override readonly name = "VerifyError";
}

/** Something of a run that could not be saved: exit code 1. */
export class SaveError extends TrainerError {
  override readonly name = "SaveError";
}

/** Any error with a stable code that opens its message: those of our packages, and those of the operating system. */
export interface CodedError extends Error {
  readonly code: string;
}

/** Tells what the user can act on from our own bugs, which deserve a stack trace. */
export function isCoded(error: unknown): error is CodedError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.message.startsWith(`${error.code}:`)
  );
}

/**
 * Runs what reads or checks the user's input: a coded error of any package there is the user's to mend, so exit code 2.
 *
 * @throws UsageError with the same code and text
 */
export async function asInput<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isCoded(error) || error instanceof UsageError) throw error;
    throw new UsageError(error.code, error.message.slice(error.code.length + 1).trimStart(), { cause: error });
  }
}
