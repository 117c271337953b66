import type { Command } from "./commands/command.ts";
import { commands, type ListedCommand } from "./commands/commands.ts";
import { interruptionOf, type Environment } from "./environment.ts";
import { UsageError } from "./errors.ts";
import { nearestName } from "./options/nearest_name.ts";
import { reportError } from "./report_error.ts";
import { wrap } from "./terminal/wrap.ts";
import { programVersion } from "./version.ts";
import { programName } from "./program_name.ts";

/**
 * Runs the program.
 *
 * @param argv what follows the program's name
 * @returns the exit code: 0, 1 for a failure, 2 for a mistake in what the user gave, or the interruption's own
 */
export async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const [name, ...rest] = argv;
  const { stdout } = environment;
  try {
    if (name === "--version" || name === "-v") {
      stdout.write(`${await programVersion()}\n`);
      return 0;
    }
    if (name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
      stdout.write(overview(helpWidth(stdout.columns)));
      return 0;
    }
    const command = await findCommand(name === "help" ? rest[0] : name).load();
    if (name === "help" || asksForHelp(rest)) {
      stdout.write(command.help(helpWidth(stdout.columns)));
      return 0;
    }
    return await runCommand(command, rest, environment);
  } catch (error) {
    return reportError(error, { environment, json: rest.includes("--json") });
  }
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const options = end === -1 ? argv : argv.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

async function runCommand(command: Command, argv: readonly string[], environment: Environment): Promise<number> {
  const { signal } = environment;
  // It may have come while the command was loaded.
  if (signal.aborted && !command.stopsGently) return interruptionOf(signal).exitCode;
  const running = command.run(argv, environment);
  if (command.stopsGently) return running;
  const interrupted = Promise.withResolvers<number>();
  const leave = (): void => interrupted.resolve(interruptionOf(signal).exitCode);
  signal.addEventListener("abort", leave);
  try {
    return await Promise.race([running, interrupted.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

function findCommand(name: string | undefined): ListedCommand {
  const names = commands.map((command) => command.name);
  const found = commands.find((command) => command.name === name || (name !== undefined && command.alias === name));
  if (found !== undefined) return found;
  const list = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  if (name === undefined) {
    throw new UsageError("COMMAND_MISSING", `say what to do: ${list}. See: ${programName} --help`);
  }
  const near = nearestName(
    name,
    commands.flatMap((command) => [command.name, command.alias ?? []].flat()),
  );
  const advice = near === undefined ? `Choose ${list}.` : `Did you mean ${near}?`;
  throw new UsageError("COMMAND_UNKNOWN", `there is no command ${JSON.stringify(name)}. ${advice}`);
}

/** Longer lines are hard to read; a narrow terminal still gets what it can show. */
function helpWidth(columns: number): number {
  return Math.min(Math.max(columns, 40), 100);
}

function overview(width: number): string {
  const rows = commands.map(({ name, alias, summary }) => ({
    names: alias === undefined ? name : `${name}, ${alias}`,
    summary,
  }));
  const left = Math.max(...rows.map(({ names }) => names.length)) + 5;
  const exits =
    "0 done, 1 failed, 2 a mistake in what was given, 130 stopped by Ctrl-C, 143 by a signal, 129 by a closed terminal.";
  return [
    ...wrap("Convoy trains convolutional networks in plain Node.js, on every core.", width),
    "",
    `Usage: ${programName} <command> [options]`,
    "",
    "Commands:",
    ...rows.flatMap(({ names, summary }) => beside(`  ${names}`.padEnd(left), summary, width)),
    "",
    ...wrap(`${programName} <command> --help explains each; --version prints the version.`, width),
    "",
    ...beside("Exit codes: ", exits, width),
    "",
  ].join("\n");
}

function beside(label: string, text: string, width: number): string[] {
  return wrap(text, Math.max(20, width - label.length)).map(
    (line, i) => (i === 0 ? label : " ".repeat(label.length)) + line,
  );
}
