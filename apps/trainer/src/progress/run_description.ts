import type { KernelVariant, Normalization, Optimizer } from "@convoy/core/training";
import type { Dataset } from "@convoy/datasets";
import type { InitialWeights } from "../runs/initial_weights.ts";
import type { RunFolder } from "../runs/run_folder.ts";
import type { WeightsFile } from "../runs/weights_file.ts";

/** What is about to be trained: what the events of `fit` do not know. */
export interface RunDescription {
  readonly dataset: Dataset;
  /** The folder of the data, as the user would name it. */
  readonly dataSource: string;
  /** The folder that the user named, in full: whoever asks for the data later may stand elsewhere. */
  readonly dataFolder: string | undefined;
  /** What images and labels are. */
  readonly dataSha256: string;
  /** Name of the network. */
  readonly model: string;
  readonly optimizer: Optimizer;
  readonly normalization: Normalization;
  /** Which shape of the kernels computes. */
  readonly kernels: KernelVariant;
  readonly runFolder: RunFolder;
  /** Where the weights came from that it began with, if not from the initialiser alone. */
  readonly initialWeights: InitialWeights | undefined;
  readonly resumedFrom: ResumedFrom | undefined;
}

/** What a run came to. */
export interface RunEnd {
  readonly epochs: number;
  readonly steps: number;
  /** Since it began, or went on: start of the threads, training and evaluation. */
  readonly seconds: number;
  /** Training images over the time of the epochs, evaluation excluded; nothing without a whole epoch. */
  readonly imagesPerSecond: number | undefined;
  readonly weightsSha256: string;
  /** Of the last whole epoch. */
  readonly evaluation: { readonly testAccuracy: number; readonly correct: number; readonly total: number } | undefined;
  /** Of a run with images to validate on: the epoch that did best on them, and the file with its weights. */
  readonly best: BestEpoch | undefined;
  /** When the watched accuracy was reached first. */
  readonly reached: ReachedAccuracy | undefined;
  /** Why it ended before its last epoch, if someone stopped it. */
  readonly stoppedBy: string | undefined;
  readonly weightsFile: WeightsFile;
  readonly runFolder: RunFolder;
  readonly resumedFrom: ResumedFrom | undefined;
}

/** Where a resumed run goes on: whole epochs and steps. */
export interface ResumedFrom {
  readonly epoch: number;
  readonly step: number;
}

export interface BestEpoch {
  readonly epoch: number;
  /** Optimizer steps of the run. */
  readonly step: number;
  readonly validationAccuracy: number;
  readonly file: WeightsFile;
}

/** An accuracy on the test images, and the first epoch after which it was there. */
export interface ReachedAccuracy {
  readonly accuracy: number;
  readonly epoch: number;
  /** Since the start of the run. */
  readonly seconds: number;
}
