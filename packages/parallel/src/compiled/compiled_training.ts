import { weightsSha256 } from "@convoy/core/training";
import { wholeSteps } from "../control/whole_steps.ts";
import { ParallelError, type RunPosition } from "../errors.ts";
import { nonFiniteFault, type Phase } from "../fit/fault.ts";
import { Listener } from "../fit/listener.ts";
import { Workers } from "../fit/workers.ts";
import type { ThreadPool } from "../pool/thread_pool.ts";
import type { TrainOutcome } from "../worker/task.ts";
import { EpochLogs } from "./epoch_logs.ts";
import type { LayersFitEvent } from "./events.ts";
import type { CheckedLayersOptions } from "./options.ts";
import type { LayersFitResult } from "./result.ts";
import { SharedModel, type SharedState } from "./shared_model.ts";
import type { CompiledRun, CompiledTask, CompiledTrainTask, Preparation, SharingTask } from "./task.ts";

/** One call of `fit` for a compiled model, seen from the main thread, which watches and tells. */
export class CompiledTraining {
  readonly #run: CompiledRun;
  readonly #options: CheckedLayersOptions;
  readonly #workers: Workers<CompiledRun>;
  readonly #listener: Listener<LayersFitEvent>;
  readonly #started: number;
  readonly #stepsPerEpoch: number;
  readonly #history: Record<string, number[]> = {};
  #shared: SharedModel | undefined;
  /** From 1, once there is one. */
  #epoch = 0;
  #wholeEpochs = 0;
  #epochStarted = 0;
  #logs: EpochLogs | undefined;
  #faulted = false;

  /** @param hangMilliseconds see `Watch` */
  constructor(
    run: CompiledRun,
    options: CheckedLayersOptions,
    pool: ThreadPool,
    started: number,
    hangMilliseconds: number | undefined,
  ) {
    this.#run = run;
    this.#options = options;
    this.#started = started;
    this.#stepsPerEpoch = Math.ceil(run.data.count / run.batchSize);
    this.#listener = new Listener(run.control, options.signal, options.onEvent);
    this.#workers = new Workers({
      run,
      pool,
      control: run.control,
      // What an optimizer does not tell is gone with its thread.
      maxRestarts: () => (this.#shared?.description.slots === undefined ? 0 : options.maxRestarts),
      hangMilliseconds,
      stopping: this.#listener.stopping,
      steps: () => this.#committed(),
      position: () => this.#position(),
      onTick: () => this.#progress(),
      onFault: (fault, phase, restart) => this.#tellFault(fault, phase, restart),
    });
  }

  /** All weights as of the last whole step, whatever happened. To be read when no thread computes any more. */
  get weights(): Float32Array {
    return this.#shared?.weightsAfter(this.#committed()) ?? this.#run.spec.weights.slice();
  }

  /** What the optimizer remembers then, where that is known and has changed. */
  get optimizerState(): SharedState | undefined {
    return this.#shared?.stateAfter(this.#committed());
  }

  /** @throws why the model cannot be trained; the first fault; what `onEvent` threw */
  async train(): Promise<LayersFitResult> {
    let aborted = this.#listener.stopped;
    try {
      if (!aborted) {
        const shared = await this.#prepare();
        this.#shared = shared;
        aborted = shared === undefined;
        if (shared !== undefined) this.#tellStart();
        for (let epoch = 0; epoch < this.#options.epochs && !aborted; epoch++) {
          aborted = this.#listener.stopped || shared === undefined || !(await this.#trainEpoch(epoch, shared));
        }
      }
    } finally {
      this.#workers.stop();
      this.#listener.close();
    }
    this.#listener.throwFailure();
    const { workers, shards } = this.#run.plan;
    return {
      epoch: [...Array(this.#wholeEpochs).keys()],
      history: this.#history,
      epochs: this.#wholeEpochs,
      steps: this.#committed(),
      seconds: (performance.now() - this.#started) / 1000,
      aborted,
      weightsSha256: weightsSha256(this.weights),
      workers,
      shards,
      idleWorkers: this.#options.workers - workers,
    };
  }

  /**
   * Only a thread knows what the model is made of: memory is laid out once one has told.
   *
   * @returns nothing when the run was stopped before
   */
  async #prepare(): Promise<SharedModel | undefined> {
    const found = await this.#workers.prepare<Preparation>(
      (each) => ("refusal" in each ? 0 : each.milliseconds),
      this.#run.plan.shards,
    );
    if (found === undefined) return undefined;
    const [first] = found;
    if ("refusal" in first) throw new ParallelError(first.refusal.code, first.refusal.message);
    const { description } = first;
    for (const name of description.values) this.#history[name] = [];
    if (this.#run.validation !== undefined) {
      for (const name of description.values) this.#history[`val_${name}`] = [];
    }
    return new SharedModel(this.#run, description);
  }

  /** @returns false when the epoch, or its validation, was stopped before its end */
  async #trainEpoch(epoch: number, shared: SharedModel): Promise<boolean> {
    const { batchSize, data } = this.#run;
    const { memory, layout, description } = shared;
    const steps = this.#stepsPerEpoch;
    const records = new Float32Array(memory.buffer, layout.records, steps * layout.values);
    const record = new EpochLogs(epoch + 1, description.values, records, batchSize, data.count);
    this.#epoch = epoch + 1;
    this.#logs = record;
    this.#epochStarted = performance.now();
    const task = (base: CompiledTask): CompiledTrainTask => ({
      ...base,
      memory,
      layout,
      epoch,
      firstStep: epoch * steps,
      steps,
    });
    const outcomes = await this.#workers.run<TrainOutcome>("train", task);
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    this.#tellSteps(record);
    this.#logs = undefined;
    this.#throwNonFinite(outcomes);
    if (record.steps < steps) return false;
    const validation = await this.#validate(shared);
    if (validation === undefined) return false;
    const logs = { ...record.logs, ...validation };
    for (const [name, value] of Object.entries(logs)) this.#history[name].push(value);
    this.#wholeEpochs++;
    this.#listener.tell({ event: "epoch", epoch: epoch + 1, logs, samplesPerSecond: data.count / seconds, seconds });
    return true;
  }

  /** @returns nothing when it was stopped, for then some minibatches have no score */
  async #validate({ memory, layout, description }: SharedModel): Promise<Record<string, number> | undefined> {
    const { values: names } = description;
    const { validation, batchSize } = this.#run;
    if (validation === undefined) return {};
    if (this.#listener.stopped) return undefined;
    const task = (base: CompiledTask): SharingTask => ({ ...base, memory, layout });
    await this.#workers.run<void>("evaluate", task);
    if (this.#listener.stopped) return undefined;
    const sums = new Float64Array(names.length);
    for (let start = 0, row = layout.scores; start < validation.count; start += batchSize, row += names.length * 4) {
      const scores = new Float32Array(memory.buffer, row, names.length);
      const count = Math.min(batchSize, validation.count - start);
      for (let i = 0; i < sums.length; i++) sums[i] += scores[i] * count;
    }
    return Object.fromEntries(names.map((name, i) => [`val_${name}`, sums[i] / validation.count]));
  }

  #throwNonFinite(outcomes: readonly TrainOutcome[]): void {
    const fault = nonFiniteFault(outcomes, this.#position());
    if (fault === undefined) return;
    this.#tellFault(fault, "train", undefined);
    throw fault;
  }

  /** Optimizer steps that are whole. */
  #committed(): number {
    return wholeSteps(this.#run.control, Math.max(this.#epoch - 1, 0) * this.#stepsPerEpoch);
  }

  #position(): RunPosition {
    const step = this.#committed() - (this.#epoch - 1) * this.#stepsPerEpoch;
    return { epoch: this.#epoch, step: Math.min(step + 1, this.#stepsPerEpoch) };
  }

  #tellStart(): void {
    const { plan, batchSize, seed, data, spec } = this.#run;
    this.#listener.tell({
      event: "start",
      parameters: spec.sizes.reduce((sum, size, i) => (spec.trainable[i] ? sum + size : sum), 0),
      workers: plan.workers,
      requestedWorkers: this.#options.workers,
      shards: plan.shards,
      batchSize,
      epochs: this.#options.epochs,
      steps: this.#stepsPerEpoch,
      samples: data.count,
      seed,
      optimizer: spec.optimizer.className,
    });
    const { workers: requestedWorkers, shards: asked } = this.#options;
    const { workers, shards } = plan;
    if (workers === requestedWorkers) return;
    const why =
      asked === undefined
        ? `cutting a minibatch of ${batchSize} of this model into more shards would cost more than threads gain`
        : "a worker needs a shard of each minibatch";
    const message =
      `${workers} of ${requestedWorkers} workers ${workers === 1 ? "trains" : "train"}: ${why}. ` +
      "A larger batchSize, or more shards, gives work to more; other shards give other last bits.";
    this.#listener.tell({ event: "idle", workers, requestedWorkers, shards, message });
  }

  #tellSteps(record: EpochLogs): void {
    // Must come before the losses are read: they are written before the step is counted.
    const committed = this.#committed();
    for (const event of record.advance(committed - (this.#epoch - 1) * this.#stepsPerEpoch)) this.#listener.tell(event);
  }

  #progress(): void {
    const record = this.#logs;
    // After the last fault, the steps that the others had finished are no news.
    if (record === undefined || this.#faulted) return;
    const before = record.steps;
    this.#tellSteps(record);
    if (record.steps === before) return;
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    const { steps, samples, logs } = record;
    const samplesPerSecond = samples / seconds;
    this.#listener.tell({
      event: "progress",
      epoch: this.#epoch,
      step: steps,
      steps: this.#stepsPerEpoch,
      samplesPerSecond,
      logs,
    });
  }

  #tellFault({ code, message, worker, epoch, step }: ParallelError, phase: Phase, restart: number | undefined): void {
    this.#faulted = restart === undefined;
    this.#listener.tell({ event: "fault", code, message, worker, phase, epoch, step, restart });
  }
}
