import { ParallelError } from "../errors.ts";

/** What main and threads refuse comes as one class of error, whoever finds it. */
export async function refusable<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error instanceof ParallelError) throw error;
    const code = String(error.code);
    throw new ParallelError(code, error.message.slice(code.length + 2), { cause: error });
  }
}
