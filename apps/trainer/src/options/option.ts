import { UsageError } from "../errors.ts";
import { nearestName } from "./nearest_name.ts";
import { shown } from "./shown.ts";

/** One option of a command: how it is written, what it means, and how its text becomes a value. */
export interface Option<Value> {
  /** Stands for the value in the help, such as "<n>". A flag has none. */
  readonly placeholder?: string;
  readonly description: string;
  /** Writes it with one dash, as in "-e 5". */
  readonly letter?: string;
  /** Another name for it. */
  readonly alias?: string;
  /** What the help says about an option that is left out. */
  readonly defaultText?: string;
  /** Whether the option may stand alone: its text is then empty. */
  readonly isValueOptional?: boolean;
  /** The value when the option is left out. */
  readonly initial: Value;
  /** @param name how the user writes the option, for the message of the error */
  readonly parse: (text: string, name: string) => Value;
}

/** The options of a command by their names as the user writes them, without the dashes. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a table's options hold after parsing. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer Value> ? Value : never;
};

/** Present or absent, such as --json. */
export function flag(description: string): Option<boolean> {
  return { description, initial: false, parse: () => true };
}

/** Any text but the empty one. */
export function text(placeholder: string, description: string, defaultText?: string): Option<string | undefined> {
  return {
    placeholder,
    description,
    ...(defaultText === undefined ? {} : { defaultText }),
    initial: undefined,
    parse: (value, name) => {
      if (value.trim() === "") throw new UsageError("OPTION_VALUE", `${name} needs a ${placeholder}, got nothing.`);
      // The operating system refuses such paths with a stack trace of Node's own.
      if (value.includes("\0")) throw new UsageError("OPTION_VALUE", `${name} must not hold a zero byte.`);
      return value;
    },
  };
}

/** One of a few words. */
export function choice<Name extends string, Initial extends Name | undefined>(
  names: readonly Name[],
  initial: Initial,
  description: string,
): Option<Name | Initial> {
  return {
    placeholder: `<${names.join("|")}>`,
    description,
    ...(initial === undefined ? {} : { defaultText: initial }),
    initial,
    parse: (value, name) => {
      const found = names.find((known) => known === value);
      if (found !== undefined) return found;
      const near = nearestName(value, names);
      throw new UsageError(
        "OPTION_VALUE",
        `${name} must be one of ${names.join(", ")}; got ${shown(value)}.` +
          (near === undefined ? "" : ` Did you mean ${near}?`),
      );
    },
  };
}
