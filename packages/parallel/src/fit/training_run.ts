import { weightsSha256, type ImageStore } from "@convoy/core";
import { words } from "../control/words.ts";
import type { ParallelError, RunPosition } from "../errors.ts";
import type { ThreadPool } from "../pool/thread_pool.ts";
import type { Run, TrainOutcome, TrainTask } from "../worker/task.ts";
import { EpochRecord } from "./epoch_record.ts";
import type { FitEvent } from "./events.ts";
import { nonFiniteFault } from "./fault.ts";
import { Listener } from "./listener.ts";
import type { CheckedOptions } from "./options.ts";
import type { EpochResult, FitResult } from "./result.ts";
import { readTimings } from "./worker_timings.ts";
import { Workers } from "./workers.ts";

/** One call of `fit`, seen from the main thread, which is never on the path of a step: it watches and tells. */
export class TrainingRun {
  readonly #run: Run;
  readonly #options: CheckedOptions;
  readonly #control: Int32Array;
  readonly #workers: Workers<Run>;
  readonly #listener: Listener<FitEvent>;
  readonly #started: number;
  readonly #history: EpochResult[] = [];
  readonly #stepsPerEpoch: number;
  #epoch = 0;
  #aborted = false;
  #epochStarted = 0;
  #record: EpochRecord | undefined;
  #faulted = false;

  constructor(run: Run, options: CheckedOptions, pool: ThreadPool, started: number) {
    this.#run = run;
    this.#options = options;
    this.#started = started;
    this.#control = new Int32Array(run.memory.buffer);
    this.#listener = new Listener(this.#control, options.signal, options.onEvent);
    this.#stepsPerEpoch = Math.ceil(run.store.count / run.batchSize);
    this.#workers = new Workers({
      run,
      pool,
      control: this.#control,
      position: () => this.#position(),
      onTick: () => this.#progress(),
      onFault: (fault) => this.#tellFault(fault),
    });
  }

  /** The last consistent weights, whatever happened. To be read when no thread computes any more. */
  get weights(): Float32Array {
    const { memory, layout } = this.#run;
    const address = layout.parameters[this.#committed() % 2];
    return new Float32Array(memory.buffer, address, layout.parameterCount).slice();
  }

  /** @throws the first fault; what `onEvent` threw */
  async train(): Promise<FitResult> {
    const { epochs, targetAccuracy } = this.#options;
    try {
      this.#tellStart();
      if (!this.#listener.stopped) await this.#workers.prepare<number>((milliseconds) => milliseconds);
      while (this.#epoch < epochs && !this.#aborted) {
        this.#aborted = this.#listener.stopped || !(await this.#trainEpoch());
        if (this.#aborted || this.#run.evaluation === undefined) continue;
        const accuracy = await this.#evaluate(this.#run.evaluation);
        this.#aborted = accuracy === undefined;
        if (accuracy !== undefined && targetAccuracy !== undefined && accuracy >= targetAccuracy) break;
      }
    } finally {
      this.#workers.stop();
      this.#listener.close();
    }
    this.#listener.throwFailure();
    const { workers, shards } = this.#run.plan;
    return {
      epochs: this.#history.length,
      steps: this.#committed(),
      seconds: (performance.now() - this.#started) / 1000,
      history: this.#history,
      aborted: this.#aborted,
      weightsSha256: weightsSha256(this.weights),
      workers,
      shards,
    };
  }

  /** @returns false when the epoch was stopped before its end */
  async #trainEpoch(): Promise<boolean> {
    const { memory, layout, batchSize, store, timed } = this.#run;
    const steps = this.#stepsPerEpoch;
    const epoch = this.#epoch++;
    const record = new EpochRecord(
      this.#epoch,
      new Float32Array(memory.buffer, layout.losses, steps),
      new Float32Array(memory.buffer, layout.corrects, steps),
      batchSize,
      store.count,
    );
    const firstStep = epoch * steps;
    this.#record = record;
    this.#epochStarted = performance.now();
    const outcomes = await this.#workers.run<TrainOutcome>("train", (base): TrainTask => ({
      ...base,
      epoch,
      firstStep,
      steps,
    }));
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    this.#tellSteps(record);
    this.#record = undefined;
    this.#throwNonFinite(outcomes);
    if (record.steps < steps) return false;
    const { loss, trainAccuracy } = record;
    const result = { epoch: this.#epoch, loss, trainAccuracy, imagesPerSecond: store.count / seconds, seconds };
    this.#history.push(timed ? { ...result, timings: readTimings(this.#run, steps) } : result);
    this.#listener.tell({ event: "epoch", ...result });
    return true;
  }

  /** @returns the accuracy; nothing when it was stopped, for then some chunks have no score */
  async #evaluate({ count: total }: ImageStore): Promise<number | undefined> {
    const { chunk, memory, layout } = this.#run;
    if (this.#listener.stopped) return undefined;
    await this.#workers.run<void>("evaluate", (base) => base);
    if (this.#listener.stopped) return undefined;
    const chunks = Math.ceil(total / chunk);
    const scores = new Float64Array(memory.buffer, layout.scores, 2 * chunks);
    let lossSum = 0;
    let correct = 0;
    for (let i = 0; i < chunks; i++) {
      lossSum += scores[2 * i];
      correct += scores[2 * i + 1];
    }
    const result = { testAccuracy: correct / total, correct, total, loss: lossSum / total };
    const epoch = this.#history.length;
    this.#history[epoch - 1] = { ...this.#history[epoch - 1], evaluation: result };
    this.#listener.tell({ event: "evaluation", epoch, ...result });
    return result.testAccuracy;
  }

  #throwNonFinite(outcomes: readonly TrainOutcome[]): void {
    if (outcomes[0].kind !== "nonFinite") return;
    const guilty = outcomes.findIndex((outcome) => outcome.kind === "nonFinite" && outcome.guilty);
    const position = this.#position();
    const fault = nonFiniteFault(guilty === -1 ? position : { ...position, worker: guilty });
    this.#tellFault(fault);
    throw fault;
  }

  /** Optimizer steps that are whole. */
  #committed(): number {
    return Atomics.load(this.#control, words.committed);
  }

  #position(): RunPosition {
    const step = this.#committed() - (this.#epoch - 1) * this.#stepsPerEpoch;
    return { epoch: this.#epoch, step: Math.min(step + 1, this.#stepsPerEpoch) };
  }

  #tellStart(): void {
    const { plan, batchSize, seed, store, layout, optimizer, spec } = this.#run;
    this.#listener.tell({
      event: "start",
      parameters: layout.parameterCount,
      workers: plan.workers,
      requestedWorkers: this.#options.workers,
      shards: plan.shards,
      batchSize,
      epochs: this.#options.epochs,
      steps: this.#stepsPerEpoch,
      images: store.count,
      seed,
      optimizer,
      kernels: spec.kind === "planned" ? spec.kernels : undefined,
    });
  }

  #tellSteps(record: EpochRecord): void {
    // Must come before the losses are read: they are written before the step is counted.
    const committed = this.#committed();
    for (const event of record.advance(committed - (this.#epoch - 1) * this.#stepsPerEpoch)) this.#listener.tell(event);
  }

  #progress(): void {
    const record = this.#record;
    // After a fault, the steps that the others had finished are no news.
    if (record === undefined || this.#faulted) return;
    const before = record.steps;
    this.#tellSteps(record);
    if (record.steps === before) return;
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    this.#listener.tell({
      event: "progress",
      epoch: this.#epoch,
      step: record.steps,
      steps: this.#stepsPerEpoch,
      imagesPerSecond: record.images / seconds,
      loss: record.loss,
      trainAccuracy: record.trainAccuracy,
    });
  }

  #tellFault({ code, message, worker, epoch, step }: ParallelError): void {
    this.#faulted = true;
    this.#listener.tell({ event: "fault", code, message, worker, epoch, step });
  }
}
