import type { Checkpoint, EpochSums } from "@convoy/core/training";

/** Where a run stands between two of its steps; see `Checkpoint`. */
export type RunProgress = Pick<Checkpoint, "step" | "epoch" | "samplerPosition" | "metrics">;

export const noSums: EpochSums = { loss: 0, correct: 0, recentLoss: 0 };

export const beginning: RunProgress = { step: 0, epoch: 0, samplerPosition: 0, metrics: noSums };
