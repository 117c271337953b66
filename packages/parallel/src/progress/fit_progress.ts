import process from "node:process";
import type { LayersFitEvent, LayersStartEvent } from "../compiled/events.ts";
import type { FitEvent, StartEvent } from "../fit/events.ts";
import { EpochDisplay } from "./epoch_display.ts";
import { counted, duration } from "./numbers.ts";
import { streamOutput, type Output } from "./output.ts";

/** What a run came to, as both kinds of `fit` tell it. */
export interface ShownEnd {
  /** Optimizer steps of the run. */
  readonly steps: number;
  readonly seconds: number;
  readonly aborted: boolean;
}

/** Shows a call of `fit`: one line at its start, its epochs, and one line at its end. */
export class FitProgress<Event extends FitEvent | LayersFitEvent> {
  readonly #output: Output;
  readonly #display: EpochDisplay;
  /** Optimizer steps of the run that this one goes on from. */
  #stepsBefore = 0;

  constructor(output: Output) {
    this.#output = output;
    // The program may be ended by a signal at any time, and nobody would give the cursor back.
    this.#display = new EpochDisplay(output, false);
  }

  /** On standard error, where it does not mix with what the program prints. */
  static open<Event extends FitEvent | LayersFitEvent>(): FitProgress<Event> {
    // That nobody reads it any more ends no training.
    process.stderr.on("error", passOver);
    return new FitProgress(streamOutput(process.stderr, process.env));
  }

  /** Shows the event as well as telling it. What the listener prints stands above the bar. */
  around(onEvent: ((event: Event) => void) | undefined): (event: Event) => void {
    // `fit` has not checked it yet, and refuses it.
    if (onEvent !== undefined && typeof onEvent !== "function") return onEvent;
    return (event) => {
      if (event.event !== "progress" && onEvent !== undefined) this.#display.close();
      onEvent?.(event);
      this.#tell(event);
    };
  }

  end({ steps, seconds, aborted }: ShownEnd): void {
    this.#display.close();
    const own = counted(steps - this.#stepsBefore, "step");
    this.#output.write(`${aborted ? "Stopped after" : "Trained"} ${own} in ${duration(seconds)}\n`);
  }

  /** Leaves the terminal as it was. Safe to call twice. */
  close(): void {
    this.#display.close();
    // The answer to the last line may still come.
    setImmediate(() => process.stderr.off("error", passOver));
  }

  #tell(event: FitEvent | LayersFitEvent): void {
    if (event.event === "start") {
      this.#display.print(startLine(event));
      if ("resumedFrom" in event) this.#stepsBefore = event.resumedFrom?.step ?? 0;
    }
    this.#display.tell(event);
  }
}

function passOver(): void {}

function startLine(start: StartEvent | LayersStartEvent): string {
  const { parameters, workers, batchSize, epochs } = start;
  const data = "samples" in start ? counted(start.samples, "sample") : counted(start.images, "image");
  const who = counted(workers, "worker");
  return `${data}, ${counted(parameters, "parameter")}; ${counted(epochs, "epoch")}, batches of ${batchSize}, ${who}`;
}
