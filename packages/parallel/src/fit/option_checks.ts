import { shown } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";

export function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(name, `a whole number from ${least} to ${most}`, value);
}

export function refuse(name: string, expected: string, got: unknown): never {
  throw new ParallelError("FIT_OPTION", `${name} must be ${expected}; got ${shown(got)}.`);
}
