import { DatasetError } from "./errors.ts";

/** Bytes become (byte / 255 - mean) / deviation. */
export interface Normalization {
  readonly mean: number;
  readonly deviation: number;
}

/** The seed program's: bytes become numbers from -1 to 1. */
export const DEFAULT_NORMALIZATION: Normalization = { mean: 0.5, deviation: 0.5 };

/** @throws DATASET_NORMALIZATION when the mean is not finite, or the deviation not finite and above zero. */
export function checkNormalization(normalization: Normalization): void {
  const { mean, deviation } = normalization;
  if (!Number.isFinite(mean) || !Number.isFinite(deviation) || deviation <= 0) {
    throw new DatasetError(
      "DATASET_NORMALIZATION",
      `normalization needs a finite mean and a finite deviation above 0, got mean ${mean} and deviation ${deviation}.`,
    );
  }
}
