import { type OptionReader, shown, tested, type Option } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";

/** How `fit` reads a table of options. @param who what has them, in messages */
export function fitReader(who = "fit", before = ""): OptionReader {
  return { who, before, error: (message) => new ParallelError("FIT_OPTION", message) };
}

export function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(name, `a whole number from ${least} to ${most}`, value);
}

export function refuse(name: string, expected: string, got: unknown): never {
  throw new ParallelError("FIT_OPTION", `${name} must be ${expected}; got ${shown(got)}.`);
}

/** An option that is called. */
export function callback<Called>(help: string): Option<Called, Called, true> {
  return tested(help, "a function", (given): given is Called => typeof given === "function");
}

/** An option whose parts others judge. */
export function object<Value extends object>(help: string, expected: string): Option<Value, Value, true> {
  return tested(help, expected, (given): given is Value => typeof given === "object" && given !== null);
}

/** A share of the samples that is neither none nor all of them. */
export function properShare(help: string): Option<number, number, true> {
  return tested(help, "a number above 0 and below 1", isProperShare, "number");
}

function isProperShare(given: unknown): given is number {
  return typeof given === "number" && given > 0 && given < 1;
}
