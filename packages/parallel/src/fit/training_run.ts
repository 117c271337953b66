import { weightsSha256, type Checkpoint } from "@convoy/core/training";
import { stepOf } from "../control/claims.ts";
import { wholeSteps } from "../control/whole_steps.ts";
import { words } from "../control/words.ts";
import type { ParallelError, RunPosition } from "../errors.ts";
import type { ThreadPool } from "../pool/thread_pool.ts";
import type { Run, Trained, TrainOutcome, TrainTask, WorkerTask } from "../worker/task.ts";
import { BestSoFar, resumedBest } from "./best_so_far.ts";
import { EpochRecord } from "./epoch_record.ts";
import { Evaluations } from "./evaluations.ts";
import type { FitEvent } from "./events.ts";
import { nonFiniteFault, type Phase } from "./fault.ts";
import { Listener } from "./listener.ts";
import type { CheckedOptions } from "./options.ts";
import type { EpochResult, FitResult } from "./result.ts";
import type { RunIdentity } from "./run_identity.ts";
import { beginning, noSums, type RunProgress } from "./run_position.ts";
import { Snapshots } from "./snapshots.ts";
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
  readonly #from: RunProgress;
  readonly #best: BestSoFar;
  readonly #evaluations: Evaluations;
  readonly #snapshots: Snapshots | undefined;
  #epoch: number;
  /** Optimizer steps before the first of the epoch under way. */
  #firstStep: number;
  #aborted = false;
  #epochStarted = 0;
  #record: EpochRecord | undefined;
  #faulted = false;

  /**
   * @param identity for checkpoints, where they are wanted
   * @param hangMilliseconds see `Watch`
   */
  constructor(
    run: Run,
    options: CheckedOptions,
    pool: ThreadPool,
    started: number,
    identity: RunIdentity | undefined,
    hangMilliseconds: number | undefined,
  ) {
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
      maxRestarts: () => options.maxRestarts,
      hangMilliseconds,
      stopping: this.#listener.stopping,
      steps: () => this.#committed(),
      position: (worker) => this.#position(worker),
      onTick: () => this.#tick(),
      onFault: (fault, phase, restart) => this.#tellFault(fault, phase, restart),
    });
    this.#best = new BestSoFar(resumedBest(options.resumeFrom, identity));
    this.#evaluations = new Evaluations({
      run,
      workers: this.#workers,
      listener: this.#listener,
      best: this.#best,
      weights: () => this.weights,
      note: (result) => this.#history.push({ ...this.#history.pop()!, ...result }),
    });
    this.#from = options.resumeFrom ?? beginning;
    this.#epoch = this.#from.epoch;
    this.#firstStep = this.#from.step - Math.ceil(this.#from.samplerPosition / run.batchSize);
    if (options.checkpoint === undefined || identity === undefined) return;
    this.#snapshots = new Snapshots({
      run,
      identity,
      options: options.checkpoint,
      steps: () => this.#committed(),
      best: () => this.#best.best,
      progressAt: (steps) => this.#progressAt(steps),
      onFailure: (checkpoint, error) => this.#tellCheckpointFailed(checkpoint, error),
    });
  }

  /** The last consistent weights, whatever happened. To be read when no thread computes any more. */
  get weights(): Float32Array {
    const { memory, layout } = this.#run;
    const address = layout.parameters[this.#committed() % 2];
    return new Float32Array(memory.buffer, address, layout.parameterCount).slice();
  }

  /** Optimizer steps that are whole. */
  get steps(): number {
    return this.#committed();
  }

  /** @throws the first fault */
  async train(): Promise<void> {
    const { epochs, targetAccuracy } = this.#options;
    try {
      this.#tellStart();
      if (this.#from.step === 0) this.#snapshots?.take();
      if (!this.#listener.stopped) await this.#workers.prepare<number>((milliseconds) => milliseconds);
      while (this.#epoch < epochs && !this.#aborted) {
        this.#aborted = this.#listener.stopped || !(await this.#trainEpoch());
        if (this.#aborted) continue;
        this.#aborted = !(await this.#evaluations.after(this.#epoch, this.#committed()));
        const { evaluation, validation } = this.#history[this.#history.length - 1];
        const accuracy = evaluation?.testAccuracy ?? validation?.validationAccuracy;
        if (accuracy !== undefined && targetAccuracy !== undefined && accuracy >= targetAccuracy) break;
      }
    } finally {
      this.#workers.stop();
      this.#listener.close();
    }
  }

  /** When no thread computes any more, whatever happened: saves the last whole step, if that is wanted and not done. */
  async finish(): Promise<void> {
    if ((await this.#snapshots?.finish(this.#options.signal)) === false) this.#aborted = true;
  }

  /**
   * Of a run that was trained without a fault, and is finished.
   *
   * @throws what `onEvent` threw
   */
  result(): FitResult {
    this.#listener.throwFailure();
    const { workers, shards } = this.#run.plan;
    return {
      epochs: this.#from.epoch + this.#history.length,
      steps: this.#committed(),
      seconds: (performance.now() - this.#started) / 1000,
      history: this.#history,
      aborted: this.#aborted,
      weightsSha256: weightsSha256(this.weights),
      workers,
      shards,
      ...(this.#best.result === undefined ? {} : { best: this.#best.result }),
      ...(this.#snapshots === undefined ? {} : { checkpoints: this.#snapshots.outcome }),
    };
  }

  /** @returns false when the epoch was stopped before its end */
  async #trainEpoch(): Promise<boolean> {
    const { memory, layout, batchSize, store, timed } = this.#run;
    const steps = this.#stepsPerEpoch;
    const from = this.#history.length === 0 ? this.#from : beginning;
    const epoch = this.#epoch++;
    const record = new EpochRecord({
      epoch: this.#epoch,
      losses: new Float32Array(memory.buffer, layout.losses, steps),
      corrects: new Float32Array(memory.buffer, layout.corrects, steps),
      batchSize,
      count: store.count,
      samplerPosition: from.samplerPosition,
      metrics: from.metrics,
    });
    const done = record.steps;
    const firstStep = this.#committed() - done;
    this.#firstStep = firstStep;
    this.#record = record;
    this.#snapshots?.look();
    this.#epochStarted = performance.now();
    const task = (base: WorkerTask): TrainTask => ({ ...base, epoch, firstStep, steps });
    const trained = done === steps ? [] : await this.#workers.run<Trained>("train", task);
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    this.#tellSteps(record);
    this.#throwNonFinite(trained.map(({ outcome }) => outcome));
    if (record.steps < steps) return false;
    const { loss, trainAccuracy, newImages } = record;
    const imagesPerSecond = newImages === 0 ? 0 : newImages / seconds;
    const usage = trained.length === 0 ? {} : { usage: trained.map((worker) => worker.usage) };
    const result = { epoch: this.#epoch, loss, trainAccuracy, imagesPerSecond, seconds, ...usage };
    this.#history.push(timed ? { ...result, timings: readTimings(this.#run, steps) } : result);
    this.#listener.tell({ event: "epoch", ...result });
    this.#snapshots?.epochEnded(this.#epoch);
    return true;
  }

  #throwNonFinite(outcomes: readonly TrainOutcome[]): void {
    const fault = nonFiniteFault(outcomes, this.#position());
    if (fault === undefined) return;
    this.#tellFault(fault, "train", undefined);
    throw fault;
  }

  /** @param steps that are whole, none of them behind the epoch under way */
  #progressAt(steps: number): RunProgress {
    if (this.#record === undefined) return this.#from;
    const { images, loss, correct, recentLoss } = this.#record.at(steps - this.#firstStep);
    // With an evaluation still to come, the epoch is not over.
    if (images === this.#run.store.count && !this.#evaluations.wanted) {
      return { step: steps, epoch: this.#epoch, samplerPosition: 0, metrics: noSums };
    }
    const metrics = { loss, correct, recentLoss };
    return { step: steps, epoch: this.#epoch - 1, samplerPosition: images, metrics };
  }

  /** Optimizer steps that are whole. */
  #committed(): number {
    return wholeSteps(this.#control, this.#firstStep);
  }

  /** @param worker others may have gone on without it. Default: the first step that is not whole */
  #position(worker?: number): RunPosition {
    const word = worker === undefined ? words.committed : stepOf(worker);
    const step = wholeSteps(this.#control, this.#firstStep, word) - this.#firstStep;
    return { epoch: this.#epoch, step: Math.min(step + 1, this.#stepsPerEpoch) };
  }

  #tellStart(): void {
    const { plan, batchSize, seed, store, validation, test, layout, optimizer, spec } = this.#run;
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
      ...(validation === undefined ? {} : { validationImages: validation.count }),
      ...(test === undefined ? {} : { testImages: test.count }),
      seed,
      optimizer,
      kernels: spec.kind === "planned" ? spec.kernels : undefined,
      ...(this.#options.resumeFrom === undefined
        ? {}
        : { resumedFrom: { epoch: this.#from.epoch, step: this.#from.step } }),
    });
    if (this.#best.result !== undefined) this.#listener.tell({ event: "best", ...this.#best.result });
  }

  #tellSteps(record: EpochRecord): void {
    // Must come before the losses are read: they are written before the step is counted.
    const committed = this.#committed();
    for (const event of record.advance(committed - this.#firstStep)) this.#listener.tell(event);
  }

  #tick(): void {
    this.#snapshots?.look();
    this.#tellProgress();
  }

  #tellProgress(): void {
    const record = this.#record;
    // After the last fault, the steps that the others had finished are no news.
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
      imagesPerSecond: record.newImages / seconds,
      loss: record.loss,
      trainAccuracy: record.trainAccuracy,
    });
  }

  #tellCheckpointFailed({ step, epoch, samplerPosition }: Checkpoint, error: unknown): void {
    // Between two epochs it stands at the end of the one before.
    const where =
      step > 0 && samplerPosition === 0
        ? { epoch, step: this.#stepsPerEpoch }
        : { epoch: epoch + 1, step: Math.ceil(samplerPosition / this.#run.batchSize) };
    this.#listener.tell({ event: "checkpointFailed", ...where, error });
  }

  #tellFault({ code, message, worker, epoch, step }: ParallelError, phase: Phase, restart: number | undefined): void {
    this.#faulted = restart === undefined;
    this.#listener.tell({ event: "fault", code, message, worker, phase, epoch, step, restart });
  }
}
