import type { BestEvent, CheckpointFailedEvent, FitEvent } from "@convoy/parallel";
import type { RunFolder } from "../runs/run_folder.ts";
import type { WeightsFile } from "../runs/weights_file.ts";
import type { RunDescription, RunEnd } from "./run_description.ts";

/** A checkpoint or the weights were written. */
export interface CheckpointEvent {
  readonly event: "checkpoint";
  /** The epoch that they come from, and the steps of all epochs. */
  readonly epoch: number;
  readonly step: number;
  readonly file: string;
  /** The signal that asked for it, where one did. */
  readonly savedFor?: string | undefined;
}

/** Something that the user should know went wrong, and the run goes on. */
export interface WarningEvent {
  readonly event: "warning";
  readonly code: string;
  /** Begins with the code. */
  readonly message: string;
}

/** What happens in a run, beside its beginning and its end. */
export type RunEvent = Exclude<FitEvent, BestEvent | CheckpointFailedEvent> | CheckpointEvent | WarningEvent;

/** What a run that failed leaves behind. */
export interface LeftByFailure {
  /** The last good weights, where they were saved. */
  readonly weightsFile: WeightsFile | undefined;
  /** Where there is a checkpoint from which it is worth going on. */
  readonly resumable: RunFolder | undefined;
}

/** Tells someone how a run goes, in their language. Several may listen. */
export interface Reporter {
  /** Before the threads start. */
  begin(description: RunDescription): void;
  event(event: RunEvent): void;
  end(end: RunEnd): void;
  /** The run failed; the error itself is told elsewhere. */
  failed(left: LeftByFailure): void;
  /** Leaves the terminal as it was, however the run ended; safe to call twice. */
  close(): void;
}
