import { printableLine } from "@convoy/core/training";
import type { StartEvent } from "@convoy/parallel";
import { EpochDisplay, type Output } from "@convoy/parallel/progress";
import { shownName } from "../terminal/shown_name.ts";
import { endLines, goOnLine, nextLines } from "./end_lines.ts";
import type { CheckpointEvent, LeftByFailure, Reporter, RunEvent } from "./reporter.ts";
import type { RunDescription, RunEnd } from "./run_description.ts";
import { startLines } from "./start_lines.ts";

/** Writes a run as text: what is trained, its epochs as `fit` shows them, and what it came to. */
export class PeopleReporter implements Reporter {
  readonly #output: Output;
  readonly #display: EpochDisplay;
  readonly #quiet: boolean;
  #description: RunDescription | undefined;

  /** @param quiet only the result */
  constructor(output: Output, quiet: boolean) {
    this.#output = output;
    this.#display = new EpochDisplay(output, true);
    this.#quiet = quiet;
  }

  begin(description: RunDescription): void {
    this.#description = description;
  }

  event(event: RunEvent): void {
    if (event.event === "warning") return this.#display.print(printableLine(event.message));
    if (this.#quiet) return;
    if (event.event === "checkpoint") return this.#printSaved(event);
    if (event.event === "start") this.#printStart(this.#description!, event);
    this.#display.tell(event);
  }

  end(end: RunEnd): void {
    this.close();
    const lines = this.#quiet ? endLines(end) : ["", ...endLines(end), ...nextLines(end)];
    this.#output.write(`${lines.join("\n")}\n`);
  }

  failed({ weightsFile, resumable }: LeftByFailure): void {
    this.close();
    if (weightsFile !== undefined)
      this.#output.write(`The last good weights are saved in ${shownName(weightsFile.name)}\n`);
    if (resumable !== undefined) this.#output.write(`${goOnLine(resumable)}\n`);
  }

  close(): void {
    this.#display.close();
  }

  /** The end says what is saved, but whoever asked for it waits to hear of it now. */
  #printSaved({ savedFor, step }: CheckpointEvent): void {
    if (savedFor !== undefined) this.#display.print(`Saved at ${savedFor}, after step ${step}`);
  }

  #printStart(description: RunDescription, start: StartEvent): void {
    const { columns, isTerminal } = this.#output;
    for (const line of startLines(description, start, isTerminal ? columns : Infinity)) this.#display.print(line);
  }
}
