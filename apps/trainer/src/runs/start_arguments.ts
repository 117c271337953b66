import type { Checkpoint } from "@convoy/core/training";
import { isCoded, UsageError } from "../errors.ts";
import type { OptionTable } from "../options/option.ts";
import { parseOptions, type Parsed } from "../options/parse_options.ts";
import { startOptions } from "../options/start_options.ts";

export type ParsedStart = Parsed<typeof startOptions>;

/** Where a checkpoint says with which options its run was started. */
const key = "start";

/** They say where and how loudly a run goes on, not what it is; or what it began with, which a checkpoint has. */
const ofTheProcess: ReadonlySet<string> = new Set([
  "run-dir",
  "resume",
  "override",
  "init-from",
  "allow-partial",
  "workers",
  "json",
  "quiet",
]);

/** The options of a run as metadata of its checkpoints. */
export function startMetadata(given: ParsedStart["given"]): Readonly<Record<string, string>> {
  return { [key]: JSON.stringify(argumentsOf([...given].filter(([name]) => !ofTheProcess.has(name)))) };
}

/**
 * The options with which a run goes on: its own, and those that are given now instead of them. Its kernels are those that it
 * has, where others are not demanded.
 *
 * @throws UsageError RESUME_CHECKPOINT when the checkpoint does not say how its run was started
 */
export function resumedOptions(file: string, { metadata, settings }: Checkpoint, now: ParsedStart): ParsedStart {
  const before = savedOptions(file, metadata?.[key]);
  const kernels = settings["kernels"] === "narrow" ? "narrow" : "auto";
  const merged = new Map([...before.given, ["kernels", kernels] as const, ...now.given]);
  return parseOptions("start", startOptions, argumentsOf(merged));
}

function savedOptions(file: string, text: string | undefined): ParsedStart {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (!Array.isArray(value)) throw new SyntaxError("no list of options");
    return parseOptions("start", startOptions, value.map(String));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || isCoded(cause))) throw cause;
    throw new UsageError(
      "RESUME_CHECKPOINT",
      `${file} does not say with which options its run was started. Give one that start saved.`,
      { cause },
    );
  }
}

function argumentsOf(given: Iterable<readonly [name: string, text: string]>): string[] {
  const table: OptionTable = startOptions;
  return Array.from(given, ([name, text]) =>
    table[name].placeholder === undefined ? `--${name}` : `--${name}=${text}`,
  );
}
