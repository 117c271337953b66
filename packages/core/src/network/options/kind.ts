import { printable, shown } from "../printable.ts";
import type { Option, OptionArguments, OptionTable, OptionValues } from "./option.ts";

/** What a kind makes: plain data that can be posted to threads and stored in a file. */
export type Config<Name extends string = string, Table extends OptionTable = OptionTable> = {
  readonly kind: Name;
} & OptionValues<Table>;

/** A kind of layer, optimizer …: called with its options it makes one, and it has what else is known of the kind. */
export type Kind<Name extends string, Table extends OptionTable, Rules> = Rules & {
  readonly kind: Name;
  readonly options: Table;
  (...options: OptionArguments<Table>): Config<Name, Table>;
};

/** The data that a kind makes. */
export type ConfigOf<Each> = Each extends (...options: never) => infer Made ? Made : never;

/**
 * Makes a kind of something out of a table of options.
 *
 * @param kind its name, also in files
 * @param rules what else is known of it
 * @param error of options that cannot be
 * @param check judges options that are right each by itself; what it says is the message of the error
 */
export function makeKind<Name extends string, Table extends OptionTable, Rules extends object>(
  kind: Name,
  options: Table,
  rules: Rules,
  error: (message: string) => Error,
  check?: (config: Config<Name, Table>) => string | undefined,
): Kind<Name, Table, Rules> {
  const reader = { who: kind, before: `${kind}: `, error };
  const make = (...[given = {}]: [options?: unknown]): Config<Name, Table> => {
    const config = { kind, ...readOptions(options, given, reader) };
    const wrong = check?.(config);
    if (wrong !== undefined) throw error(`${kind}: ${wrong}`);
    return config;
  };
  return Object.assign(make, { ...rules, kind, options });
}

/**
 * Checks what comes from a file, a message or plain JavaScript as strictly as the kind that makes it does.
 *
 * @param kinds by name
 * @param error of what is of no such kind; it gets what came, as text
 *
 * @throws the error, or what the kind throws
 */
export function restoreConfig<Made>(
  kinds: Readonly<Record<string, (options: never) => Made>>,
  value: unknown,
  error: (came: string) => Error,
): Made {
  if (typeof value === "object" && value !== null && "kind" in value) {
    const { kind, ...options } = value;
    // Each kind checks whatever it is given.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (typeof kind === "string" && Object.hasOwn(kinds, kind)) return kinds[kind](options as never);
  }
  throw error(shown(value));
}

/** Who reads options, and how it refuses them. */
export interface OptionReader {
  /** What takes them, in messages: "conv2d". */
  readonly who: string;
  /** What stands before the name of an option that is refused: "conv2d: ". */
  readonly before: string;
  readonly error: (message: string) => Error;
}

/**
 * The values of a table's options, with defaults for those that are not given.
 *
 * @param options whatever was given
 *
 * @throws the reader's error when they are no object; naming an option that the table does not have, or one that is missing
 *   or cannot be, what was expected and what came
 */
export function readOptions<Table extends OptionTable>(
  table: Table,
  options: unknown,
  reader: OptionReader,
): OptionValues<Table> {
  const given = checkedNames(Object.keys(table), options, reader);
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table))
    values[name] = readOption(name, option, given[name], values, reader);
  // Each name of the table was read by its own option.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return values as OptionValues<Table>;
}

function readOption(
  name: string,
  { accept, expected, needed, standard }: Option,
  given: unknown,
  values: Readonly<Record<string, unknown>>,
  { before, error }: OptionReader,
): unknown {
  const value = given === undefined ? standard?.(values) : given;
  if (value === undefined && !needed) return undefined;
  const accepted = accept(value);
  if (accepted !== undefined) return accepted;
  const came = value === undefined ? "it is missing" : `got ${shown(value)}`;
  throw error(`${before}${name} must be ${expected}; ${came}.`);
}

/**
 * A copy of options none of whose names is unknown: one that is misspelt would have no effect.
 *
 * @throws the reader's error
 */
export function checkedNames(
  known: readonly string[],
  options: unknown,
  { who, error }: Pick<OptionReader, "who" | "error">,
): Readonly<Record<string, unknown>> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw error(`${who} takes an object of options; got ${shown(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return { ...options };
  throw error(
    `${who} has no option ${printable(unknown)}; it takes ${known.length === 0 ? "none" : known.join(", ")}.`,
  );
}
