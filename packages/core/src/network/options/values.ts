import type { Option } from "./option.ts";

/** Down and across an image. */
export type Pair = readonly [vertical: number, horizontal: number];

/** Sizes are kept in 32-bit integers by the kernels. */
const largestSize = 2 ** 31 - 1;

type Needed<Value, Given = Value> = Option<Value, Given, true>;

/** The same option, and what counts where it is not given: as if the default were. */
export function byDefault<Value, Given>(
  option: Needed<Value, Given>,
  standard: NoInfer<Given>,
  standardText = String(standard),
): Option<Value, Given, false> {
  return { ...option, needed: false, standard: () => standard, standardText };
}

/** The same option, which follows from others where it is not given. */
export function otherwise<Value, Given>(
  option: Needed<Value, Given>,
  standard: (values: Readonly<Record<string, unknown>>) => unknown,
  standardText: string,
): Option<Value, Given, false> {
  return { ...option, needed: false, standard, standardText };
}

/** The same option, which may be left out: its value is then undefined. */
export function optional<Value, Given>(
  option: Needed<Value, Given>,
  standardText?: string,
): Option<Value | undefined, Given, false> {
  return { ...option, needed: false, standardText };
}

/** Any value that a test of ours takes. */
export function tested<Value>(
  help: string,
  expected: string,
  fits: (given: unknown) => given is Value,
  written?: Option["written"],
): Needed<Value> {
  return { help, expected, written, needed: true, accept: (given) => (fits(given) ? given : undefined) };
}

export function whole(help: string, least: number, most: number): Needed<number> {
  const fits = (given: unknown): given is number => isWhole(given) && given >= least && given <= most;
  return tested(help, `a whole number from ${least} to ${most}`, fits, "whole number");
}

/** How many there are of something. */
export function size(help: string): Needed<number> {
  return whole(help, 1, largestSize);
}

/**
 * A number for the kernels, which compute with its float32.
 *
 * @param fits must be true of the number and of the float32
 */
export function float(help: string, expected: string, fits: (value: number) => boolean): Needed<number> {
  const both = (given: unknown): given is number => {
    if (typeof given !== "number") return false;
    const rounded = Math.fround(given);
    return Number.isFinite(rounded) && fits(given) && fits(rounded);
  };
  return tested(help, expected, both, "number");
}

/** Zero or more. */
export function amount(help: string): Needed<number> {
  return float(help, "a finite number of at least 0", (value) => value >= 0);
}

/** A share of what was: at 1 nothing would ever be forgotten, or left. */
export function share(help: string): Needed<number> {
  return float(help, "a number from 0 to below 1", (value) => value >= 0 && value < 1);
}

/** More than zero, also as a float32. */
export function positive(help: string): Needed<number> {
  return float(help, "a number above 0 that float32 can hold", (value) => value > 0);
}

export function flag(help: string): Needed<boolean> {
  return tested(help, "true or false", (given): given is boolean => typeof given === "boolean", "flag");
}

export function oneOf<const Name extends string>(help: string, names: readonly Name[]): Needed<Name> {
  const expected = names.map((name) => `"${name}"`).join(" or ");
  return tested(help, expected, (given): given is Name => names.some((name) => name === given), names);
}

/** The names of a list of kinds, in its order. */
export function namesOf<Name extends string>(list: Readonly<Record<Name, unknown>>): readonly Name[] {
  // A list has no other keys than its type says.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.keys(list) as Name[];
}

/**
 * One size for both axes, or a pair of them.
 *
 * @param most of the product of both. Default: no more than each may be
 */
export function pair(help: string, most?: number): Needed<Pair, number | Pair | readonly number[]> {
  const cells = most === undefined ? "" : `, at most ${most} cells in all`;
  return {
    help,
    expected: `a whole number from 1, or a pair [vertical, horizontal] of them${cells}`,
    written: undefined,
    needed: true,
    accept: (given) => {
      const both: readonly unknown[] = Array.isArray(given) && given.length === 2 ? given : [given, given];
      const [vertical, horizontal] = both;
      if (!isSize(vertical) || !isSize(horizontal)) return undefined;
      return vertical * horizontal <= (most ?? largestSize ** 2) ? [vertical, horizontal] : undefined;
    },
  };
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

function isSize(value: unknown): value is number {
  return isWhole(value) && value >= 1 && value <= largestSize;
}
