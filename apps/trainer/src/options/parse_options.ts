import { parseArgs } from "node:util";
import { UsageError } from "../errors.ts";
import { nearestName } from "./nearest_name.ts";
import type { Option, OptionTable, OptionValues } from "./option.ts";
import { namesAsWritten } from "./option_names.ts";
import { shown } from "./shown.ts";
import { programName } from "../program_name.ts";

export interface Parsed<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly positionals: readonly string[];
  /** The options that the user wrote, and the text of each; empty for a flag. */
  readonly given: ReadonlyMap<keyof Table, string>;
}

/**
 * Reads the arguments of one command; nothing that is unknown, incomplete or said twice passes.
 *
 * The tokens of `parseArgs` are checked here and not by its own strict mode, which is as strict, but refuses
 * "--momentum -1" for its dash before the number can be judged, and answers with advice in three lines.
 *
 * @throws UsageError OPTION_UNKNOWN, OPTION_VALUE, OPTION_REPEATED, ARGUMENT_UNEXPECTED
 */
export function parseOptions<Table extends OptionTable>(
  command: string,
  table: Table,
  argv: readonly string[],
  positionalNames: readonly string[] = [],
): Parsed<Table> {
  const names = namesAsWritten(table);
  const { tokens } = parseArgs({
    args: argv.map((argument, i) => (standsAlone(table, names, argument, argv[i + 1]) ? `${argument}=` : argument)),
    options: Object.fromEntries(
      Object.entries(table).flatMap(([name, { placeholder, letter, alias }]) => {
        const type = placeholder === undefined ? "boolean" : "string";
        const named = [name, letter === undefined ? { type } : { type, short: letter }] as const;
        return alias === undefined ? [named] : [named, [alias, { type }] as const];
      }),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      positionals.push(token.value);
      if (positionals.length > positionalNames.length) throw unexpectedArgument(command, token.value, positionalNames);
    }
    if (token.kind !== "option") continue;
    const { rawName, value } = token;
    const name = names.get(rawName);
    if (name === undefined) throw unknownOption(command, rawName, [...names.keys()]);
    if (given.has(name)) throw new UsageError("OPTION_REPEATED", `${rawName} is given twice; give it once.`);
    given.set(name, valueText(table[name], names, rawName, value));
  }
  return { ...optionsOf<Table>(table, given), positionals };
}

/**
 * What options come to that are known by name and text.
 *
 * @param given names of the table; the text of a flag is empty
 * @throws UsageError OPTION_VALUE
 */
export function optionsOf<Table extends OptionTable>(
  table: Table,
  given: ReadonlyMap<keyof Table & string, string>,
): Parsed<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) values[name] = option.initial;
  for (const [name, text] of given) {
    const { placeholder, parse } = table[name];
    if (placeholder === undefined && text !== "") {
      throw new UsageError("OPTION_VALUE", `--${name} takes no value; got ${shown(text)}.`);
    }
    values[name] = parse(text, `--${name}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name of the table was set above, by its own parse
  return { values: values as OptionValues<Table>, positionals: [], given };
}

/** Without this, parseArgs would take the next argument for its value, whatever that is. */
function standsAlone(
  table: OptionTable,
  names: ReadonlyMap<string, string>,
  argument: string,
  next: string | undefined,
): boolean {
  const name = names.get(argument);
  if (name === undefined || table[name].isValueOptional !== true) return false;
  return next === undefined || next.startsWith("--") || names.has(next);
}

function valueText(
  { placeholder }: Option<unknown>,
  names: ReadonlyMap<string, string>,
  rawName: string,
  value: string | undefined,
): string {
  if (placeholder === undefined) {
    if (value === undefined) return "";
    throw new UsageError("OPTION_VALUE", `${rawName} takes no value; got ${shown(value)}.`);
  }
  // What looks like an option is one: "--run-dir --json" forgot the folder.
  if (value !== undefined && !names.has(value)) return value;
  throw new UsageError("OPTION_VALUE", `${rawName} needs a value: ${rawName} ${placeholder}.`);
}

function unknownOption(command: string, rawName: string, ways: readonly string[]): UsageError {
  // One letter is like any other.
  const near = rawName.startsWith("--") ? nearestName(rawName, ways) : undefined;
  const advice = near === undefined ? "" : ` Did you mean ${near}?`;
  return new UsageError(
    "OPTION_UNKNOWN",
    `${command} has no option ${rawName.slice(0, 60)}.${advice} See: ${programName} ${command} --help`,
  );
}

function unexpectedArgument(command: string, value: string, expected: readonly string[]): UsageError {
  const takes = expected.length === 0 ? "no arguments, only options" : `only ${expected.join(" ")}`;
  return new UsageError(
    "ARGUMENT_UNEXPECTED",
    `${command} takes ${takes}; ${shown(value)} is too much. See: ${programName} ${command} --help`,
  );
}
