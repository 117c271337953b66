import { shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";

/** Bytes become (byte / 255 - mean) / deviation. */
export interface Normalization {
  readonly mean: number;
  readonly deviation: number;
}

/** What the seed program does: bytes become -1 to 1. */
export const standardNormalization: Normalization = { mean: 0.5, deviation: 0.5 };

/**
 * A copy with nothing else in it.
 *
 * @param code of the error, which says whose normalization it is
 *
 * @throws the code when mean or deviation is not finite, or the deviation not above 0
 */
export function checkedNormalization(value: unknown, code: string): Normalization {
  const { mean, deviation }: Partial<Record<keyof Normalization, unknown>> =
    typeof value === "object" && value !== null ? value : {};
  if (isFinite(mean) && isFinite(deviation) && deviation > 0) return { mean, deviation };
  throw new CoreError(
    code,
    `normalization needs a finite mean and a finite deviation above 0; got mean ${shown(mean)}, ` +
      `deviation ${shown(deviation)}. For bytes, both are shares of 255: 0.5 and 0.5 give -1 to 1.`,
  );
}

export function isSameNormalization(one: Normalization, other: Normalization): boolean {
  return one.mean === other.mean && one.deviation === other.deviation;
}

/** For messages. */
export function normalizationText({ mean, deviation }: Normalization): string {
  return `mean ${mean}, deviation ${deviation}`;
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}
