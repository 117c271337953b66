import type { Option, OptionTable } from "./option.ts";

/** Every way to write an option of the table, such as "--learning-rate", "--lr" and "-e", with its name. */
export function namesAsWritten(table: OptionTable): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([name, option]) => waysToWrite(name, option).map((way) => [way, name] as const)),
  );
}

/** The shortest first, as help has them. */
export function waysToWrite(name: string, { letter, alias }: Option<unknown>): string[] {
  return [...(letter === undefined ? [] : [`-${letter}`]), ...(alias === undefined ? [] : [`--${alias}`]), `--${name}`];
}
