import { printableLine } from "@convoy/core/training";
import type { LayersFitEvent, LayersStartEvent } from "../compiled/events.ts";
import type { EpochEvent, EvaluationEvent, FitEvent, StartEvent, StepEvent, ValidationEvent } from "../fit/events.ts";
import { epochFields, layersEpochFields, type EpochField } from "./epoch_fields.ts";
import { EpochTable, plainEpoch } from "./epoch_table.ts";
import { LiveLine } from "./live_line.ts";
import type { Output } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { sharedMachineLine } from "./shared_machine.ts";
import { atStart, progressNow, type ProgressNow } from "./progress_now.ts";

/**
 * Shows the epochs of a run. On a terminal each is a row of a table, above a bar that is redrawn; elsewhere each is a line,
 * and the lines of the PyTorch program stay as well: `[epoch, minibatch] loss: mean of the last hundred`.
 */
export class EpochDisplay {
  readonly #output: Output;
  readonly #live: LiveLine;
  readonly #table = new EpochTable();
  #start: StartEvent | LayersStartEvent | undefined;
  #epoch: EpochEvent | undefined;
  #validation: ValidationEvent | undefined;
  #now: ProgressNow | undefined;
  #toldOfOthers = false;

  /** @param hidesCursor see `LiveLine` */
  constructor(output: Output, hidesCursor: boolean) {
    this.#output = output;
    this.#live = new LiveLine(output, hidesCursor);
  }

  /** Takes the events of `fit`, whichever kind of model it trains. */
  tell(event: FitEvent | LayersFitEvent): void {
    switch (event.event) {
      case "start":
        this.#start = event;
        this.#now = atStart(event);
        break;
      case "progress":
        this.#now = progressNow(event);
        break;
      case "step":
        if (!this.#output.isTerminal) this.print(stepLine(event));
        break;
      case "epoch":
        this.#now = progressNow({ ...event, step: this.#start!.steps });
        if ("logs" in event) this.#endEpoch(event.epoch, layersEpochFields(event, this.#start!.epochs));
        else this.#noteEpoch(event, this.#start!);
        break;
      case "validation":
        this.#validation = event;
        if (!hasTest(this.#start!)) this.#endImagesEpoch(undefined);
        break;
      case "evaluation":
        this.#endImagesEpoch(event);
        break;
      case "fault":
        // Where the run ends with it, the error says it.
        if (event.restart !== undefined) this.print(printableLine(event.message));
        break;
      case "best":
      case "checkpointFailed":
        break;
    }
    this.#draw();
  }

  /** Prints a line that stays. */
  print(line: string): void {
    this.#live.print(line);
  }

  /** Leaves the terminal as it was. Safe to call at any time, and twice. */
  close(): void {
    this.#live.close();
  }

  #noteEpoch(epoch: EpochEvent, start: StartEvent | LayersStartEvent): void {
    this.#epoch = epoch;
    this.#validation = undefined;
    if (!hasTest(start) && !hasValidation(start)) this.#endImagesEpoch(undefined);
  }

  /** All is known of an epoch. */
  #endImagesEpoch(evaluation: EvaluationEvent | undefined): void {
    const epoch = this.#epoch!;
    const fields = epochFields({ epoch, validation: this.#validation, evaluation }, this.#start!.epochs);
    this.#endEpoch(epoch.epoch, fields);
  }

  #endEpoch(epoch: number, fields: readonly EpochField[]): void {
    const { isTerminal, columns } = this.#output;
    for (const line of isTerminal ? this.#table.rows(fields, columns) : [plainEpoch(fields)]) this.print(line);
    this.#tellOfOthers(this.#epoch);
    // The bar does not go away for the time that the next epoch needs to get going.
    const isLast = epoch === this.#start!.epochs;
    this.#now = this.#now === undefined || isLast ? undefined : { ...this.#now, epoch: epoch + 1, step: 0 };
  }

  /** Once a run that the machine is shared. */
  #tellOfOthers(epoch: EpochEvent | undefined): void {
    const line = this.#toldOfOthers ? undefined : sharedMachineLine(epoch?.usage ?? []);
    if (line === undefined) return;
    this.#toldOfOthers = true;
    this.print(line);
  }

  #draw(): void {
    const [now, start] = [this.#now, this.#start];
    if (now === undefined || start === undefined || !this.#output.isTerminal) return;
    const { epochs, steps } = start;
    const counted =
      "samples" in start
        ? ({ unit: "samples", count: start.samples } as const)
        : ({ unit: "images", count: start.images } as const);
    const { columns, colorDepth } = this.#output;
    this.#live.show(progressLine({ ...now, epochs, steps, ...counted }, columns, colorDepth));
  }
}

function hasTest(start: StartEvent | LayersStartEvent): boolean {
  return "testImages" in start && start.testImages !== undefined;
}

function hasValidation(start: StartEvent | LayersStartEvent): boolean {
  return "validationImages" in start && start.validationImages !== undefined;
}

/** As the PyTorch program prints it: "[%d, %5d] loss: %.3f". */
function stepLine({ epoch, step, loss }: StepEvent): string {
  return `[${epoch}, ${String(step).padStart(5)}] loss: ${loss.toFixed(3)}`;
}
