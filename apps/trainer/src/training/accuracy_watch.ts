import type { EvaluationEvent } from "@convoy/parallel";
import type { ReachedAccuracy } from "../progress/run_description.ts";

/** What the program that this one started from gets to. */
const usualAccuracy = 0.98;

/** Notes when an accuracy on the test images is reached for the first time. */
export class AccuracyWatch {
  readonly #accuracy: number;
  readonly #started = performance.now();
  #reached: ReachedAccuracy | undefined;

  /** @param target the user's, if there is one */
  constructor(target: number | undefined) {
    this.#accuracy = target ?? usualAccuracy;
  }

  get reached(): ReachedAccuracy | undefined {
    return this.#reached;
  }

  look({ epoch, testAccuracy }: EvaluationEvent): void {
    if (testAccuracy < this.#accuracy) return;
    this.#reached ??= { accuracy: this.#accuracy, epoch, seconds: (performance.now() - this.#started) / 1000 };
  }
}
