import type { FitEvent } from "@convoy/parallel";

/** How far a run got, from what `fit` told: a run that fails has no result. */
export class StepCount {
  #stepsPerEpoch: number | undefined;
  #epochs: number;
  #steps: number;

  /** @param resumedFrom where the run goes on */
  constructor(resumedFrom: { readonly epoch: number; readonly step: number } = { epoch: 0, step: 0 }) {
    this.#epochs = resumedFrom.epoch;
    this.#steps = resumedFrom.step;
  }

  /** Everything was found in order, and work began. */
  get started(): boolean {
    return this.#stepsPerEpoch !== undefined;
  }

  /** Whole epochs. */
  get epochs(): number {
    return this.#epochs;
  }

  /** Whole steps of the run. */
  get steps(): number {
    return this.#steps;
  }

  note(event: FitEvent): void {
    if (event.event === "start") this.#stepsPerEpoch = event.steps;
    if (event.event === "epoch") this.#epochs = event.epoch;
    // It names the step that failed, or in an evaluation the last one, which is whole; a thread that failed while starting
    // was in no epoch.
    if (event.event === "fault" && event.epoch !== undefined && event.step !== undefined && event.epoch > 0) {
      const whole = event.phase === "evaluate" ? event.step : event.step - 1;
      this.#steps = (event.epoch - 1) * (this.#stepsPerEpoch ?? 0) + whole;
    }
  }
}
