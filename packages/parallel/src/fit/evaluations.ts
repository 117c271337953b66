import type { EvaluationImages, Run, WorkerTask, EvaluationTask } from "../worker/task.ts";
import type { BestSoFar } from "./best_so_far.ts";
import type { FitEvent } from "./events.ts";
import type { Listener } from "./listener.ts";
import type { EpochResult } from "./result.ts";
import type { Workers } from "./workers.ts";

export interface EvaluationsOptions {
  readonly run: Run;
  readonly workers: Workers<Run>;
  readonly listener: Listener<FitEvent>;
  readonly best: BestSoFar;
  /** A copy of the weights as they are. */
  readonly weights: () => Float32Array;
  /** Takes what became known of the last epoch. */
  readonly note: (result: Pick<EpochResult, "validation" | "evaluation">) => void;
}

interface Scores {
  readonly correct: number;
  readonly total: number;
  /** Mean over the images. */
  readonly loss: number;
}

/** Finds out what the weights are worth after an epoch: first on the validation images, then on the test images. */
export class Evaluations {
  readonly #options: EvaluationsOptions;

  constructor(options: EvaluationsOptions) {
    this.#options = options;
  }

  /** Whether there is anything to evaluate on. */
  get wanted(): boolean {
    const { validation, test } = this.#options.run;
    return validation !== undefined || test !== undefined;
  }

  /**
   * @param epoch from 1
   * @param step optimizer steps of the run
   * @returns false when it was stopped, for then some images have no score
   */
  async after(epoch: number, step: number): Promise<boolean> {
    const { validation, test } = this.#options.run;
    if (validation !== undefined && !(await this.#validate(epoch, step))) return false;
    return test === undefined || this.#test(epoch);
  }

  async #validate(epoch: number, step: number): Promise<boolean> {
    const { listener, note, best, weights } = this.#options;
    const scores = await this.#scores("validation");
    if (scores === undefined) return false;
    const { correct, total, loss } = scores;
    const validation = { validationAccuracy: correct / total, validationLoss: loss, correct, total };
    const isBest = best.offer({ epoch, step, ...scores }, weights);
    note({ validation });
    listener.tell({ event: "validation", epoch, ...validation, best: isBest });
    if (isBest && best.result !== undefined) listener.tell({ event: "best", ...best.result });
    return true;
  }

  async #test(epoch: number): Promise<boolean> {
    const scores = await this.#scores("test");
    if (scores === undefined) return false;
    const { correct, total, loss } = scores;
    const evaluation = { testAccuracy: correct / total, testLoss: loss, correct, total };
    this.#options.note({ evaluation });
    this.#options.listener.tell({ event: "evaluation", epoch, ...evaluation });
    return true;
  }

  async #scores(images: EvaluationImages): Promise<Scores | undefined> {
    const { run, workers, listener } = this.#options;
    const { chunk, memory, layout } = run;
    if (listener.stopped) return undefined;
    await workers.run<void>("evaluate", (base: WorkerTask): EvaluationTask => ({ ...base, images }));
    if (listener.stopped) return undefined;
    const total = run[images]?.count ?? 0;
    const chunks = Math.ceil(total / chunk);
    const sums = new Float64Array(memory.buffer, layout.scores, 2 * chunks);
    let lossSum = 0;
    let correct = 0;
    for (let i = 0; i < chunks; i++) {
      lossSum += sums[2 * i];
      correct += sums[2 * i + 1];
    }
    return { correct, total, loss: lossSum / total };
  }
}
