import { printableLine } from "@convoy/core/training";
import type { Environment } from "./environment.ts";
import { isCoded, UsageError } from "./errors.ts";
import { writeJson } from "./progress/json_reporter.ts";

/**
 * Tells the user what went wrong: one line for what they can act on, a stack trace for our own bugs alone. With --json
 * an `error` event goes to standard output as well.
 *
 * @returns the exit code: 2 when it is to be mended in what the user gave, else 1
 */
export function reportError(
  error: unknown,
  { environment, json }: { readonly environment: Environment; readonly json: boolean },
): number {
  const { stdout, stderr } = environment;
  const coded = isCoded(error);
  if (json) writeJson(stdout, errorEvent(error));
  if (coded) {
    stderr.write(`${oneLine(error.message)}\n`);
  } else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(
      `${trace.split("\n").map(printableLine).join("\n")}\nINTERNAL: this is a bug in Convoy. Please report it, with the lines above and the command.\n`,
    );
  }
  return error instanceof UsageError ? 2 : 1;
}

/** What --json says of an error that ends the program. */
export function errorEvent(error: unknown): object {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const coded = isCoded(error);
  const code = coded ? error.code : "INTERNAL";
  return { event: "error", code, message: coded ? message : `INTERNAL: ${message}` };
}

/** Names of files and what is in them are a stranger's: a terminal must not obey them. */
function oneLine(text: string): string {
  return printableLine(text.trim().replaceAll(/\s*\n\s*/g, " "));
}
