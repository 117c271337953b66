import type { EpochEvent, EvaluationEvent, ProgressEvent, StartEvent, ValidationEvent } from "@convoy/parallel";
import { LiveLine } from "../terminal/live_line.ts";
import type { Output } from "../terminal/output.ts";
import { endLines, goOnLine } from "./end_lines.ts";
import { epochLine, stepLine } from "./epoch_lines.ts";
import { progressLine } from "./progress_line.ts";
import type { LeftByFailure, Reporter, RunEvent } from "./reporter.ts";
import type { RunDescription, RunEnd } from "./run_description.ts";
import { startLines } from "./start_lines.ts";

/**
 * Writes a run as text. On a terminal one line an epoch stays, above a bar that is redrawn; elsewhere the lines of the
 * PyTorch program stay as well: `[epoch, minibatch] loss: mean of the last hundred`.
 */
export class PeopleReporter implements Reporter {
  readonly #output: Output;
  readonly #live: LiveLine;
  readonly #quiet: boolean;
  #description: RunDescription | undefined;
  #start: StartEvent | undefined;
  #epoch: EpochEvent | undefined;
  #validation: ValidationEvent | undefined;

  /** @param quiet only the result */
  constructor(output: Output, quiet: boolean) {
    this.#output = output;
    this.#live = new LiveLine(output);
    this.#quiet = quiet;
  }

  begin(description: RunDescription): void {
    this.#description = description;
  }

  event(event: RunEvent): void {
    if (event.event === "warning") this.#live.print(event.message);
    if (this.#quiet) return;
    switch (event.event) {
      case "start":
        this.#start = event;
        this.#printStart(this.#description!, event);
        break;
      case "progress":
        this.#showProgress(event);
        break;
      case "step":
        if (!this.#output.isTerminal) this.#live.print(stepLine(event));
        break;
      case "epoch":
        this.#epoch = event;
        break;
      case "validation":
        this.#validation = event;
        break;
      case "evaluation":
        this.#endEpoch(this.#epoch!, event, this.#start!);
        break;
      case "fault":
        // Where the run ends with it, the error says it.
        if (event.restart !== undefined) this.#live.print(event.message);
        break;
      case "checkpoint":
      case "warning":
        // The end says it; a warning was told already.
        break;
    }
  }

  end(end: RunEnd): void {
    this.close();
    const lines = endLines(end);
    if (!this.#quiet) lines.unshift("");
    this.#output.write(`${lines.join("\n")}\n`);
  }

  failed({ weightsFile, resumable }: LeftByFailure): void {
    this.close();
    if (weightsFile !== undefined) this.#output.write(`The last good weights are saved in ${weightsFile.name}\n`);
    if (resumable !== undefined) this.#output.write(`${goOnLine(resumable)}\n`);
  }

  close(): void {
    this.#live.close();
  }

  #printStart(description: RunDescription, start: StartEvent): void {
    const { columns, isTerminal } = this.#output;
    for (const line of startLines(description, start, isTerminal ? columns : Infinity)) this.#live.print(line);
    if (this.#output.isTerminal) {
      this.#showProgress({ ...nothingYet, epoch: (description.resumedFrom?.epoch ?? 0) + 1, steps: start.steps });
    }
  }

  #endEpoch(epoch: EpochEvent, evaluation: EvaluationEvent, { epochs, steps }: StartEvent): void {
    this.#live.print(epochLine(epoch, this.#validation, evaluation, epochs));
    // The bar does not go away for the time that the next epoch needs to get going.
    if (epoch.epoch < epochs) this.#showProgress({ ...epoch, epoch: epoch.epoch + 1, step: 0, steps });
  }

  #showProgress(progress: Omit<ProgressEvent, "event">): void {
    if (!this.#output.isTerminal) return;
    const { epochs, steps, images } = this.#start!;
    const { epoch, step, imagesPerSecond, loss, trainAccuracy } = progress;
    const imagesLeft = (epochs - epoch + (steps - step) / steps) * images;
    const secondsLeft = imagesPerSecond === 0 ? undefined : imagesLeft / imagesPerSecond;
    const line = progressLine(
      { epoch, epochs, step, steps, imagesPerSecond, loss, accuracy: trainAccuracy, secondsLeft },
      this.#output.columns,
      this.#output.colorDepth,
    );
    this.#live.show(line);
  }
}

/** Threads start up: the bar is there, empty. */
const nothingYet = { step: 0, imagesPerSecond: 0, loss: 0, trainAccuracy: 0 };
