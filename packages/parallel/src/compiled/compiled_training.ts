import { isDeepStrictEqual } from "node:util";
import type { LiveModel, OptimizerSpec } from "@convoy/tfjs/tape";
import { weightsSha256 } from "@convoy/core/training";
import { wholeSteps } from "../control/whole_steps.ts";
import { ParallelError, type RunPosition } from "../errors.ts";
import { nonFiniteFault, type Phase } from "../fit/fault.ts";
import { Listener } from "../fit/listener.ts";
import { Workers } from "../fit/workers.ts";
import type { ThreadPool } from "../pool/thread_pool.ts";
import type { TrainOutcome } from "../worker/task.ts";
import { CallbackList } from "./callback_list.ts";
import { EpochLogs } from "./epoch_logs.ts";
import type { LayersFitEvent } from "./events.ts";
import type { CheckedLayersOptions } from "./options.ts";
import { refusable } from "./refusable.ts";
import type { LayersFitResult } from "./result.ts";
import { SharedModel } from "./shared_model.ts";
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
  readonly #live: LiveModel;
  readonly #callbacks: CallbackList;
  /** As of the last epoch that began. */
  #optimizer: OptimizerSpec;
  /** After how many steps the caller's model was given what the copies had learnt. */
  #givenBack = 0;
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
    live: LiveModel,
    hangMilliseconds: number | undefined,
  ) {
    this.#run = run;
    this.#options = options;
    this.#started = started;
    this.#live = live;
    this.#callbacks = new CallbackList(options.callbacks);
    this.#optimizer = run.spec.optimizer;
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

  /**
   * Gives the caller's model weights and optimizer as of the last whole step, whatever happened, unless it has them; what
   * callbacks did to it since stays. To be called when no thread computes.
   */
  async giveBack(): Promise<void> {
    const steps = this.#committed();
    if (this.#shared === undefined || this.#givenBack === steps) return;
    this.#givenBack = steps;
    const { stateOfSlots } = await import("@convoy/tfjs/tape");
    const state = this.#shared.stateAfter(steps);
    const optimizer = state === undefined ? undefined : stateOfSlots(state.slots, state.steps, state.flat);
    await this.#live.give(this.#shared.weightsAfter(steps), optimizer);
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
        await this.#beginCallbacks();
        for (let epoch = 0; epoch < this.#options.epochs && !aborted && !this.#live.stopTraining; epoch++) {
          aborted = this.#listener.stopped || shared === undefined || !(await this.#trainEpoch(epoch, shared));
        }
        this.#listener.throwFailure();
        await this.#callbacks.end();
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
      weightsSha256: weightsSha256(this.#shared?.weightsAfter(this.#committed()) ?? this.#run.spec.weights),
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
    await this.#callbacks.beginEpoch(epoch);
    const optimizer = await this.#settings(true);
    this.#logs = record;
    this.#epochStarted = performance.now();
    const task = (base: CompiledTask): CompiledTrainTask => ({
      ...base,
      memory,
      layout,
      epoch,
      optimizer,
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
    // Whoever is told of the epoch may look at the model, or save it.
    await this.#settings(false);
    await this.giveBack();
    this.#listener.tell({ event: "epoch", epoch: epoch + 1, logs, samplesPerSecond: data.count / seconds, seconds });
    await this.#callbacks.endEpoch(epoch, logs);
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

  /**
   * The optimizer's settings: callbacks and event handlers may change them.
   *
   * @param tell whether an epoch begins with them
   * @throws `TAPE_MODEL` when the model was changed otherwise; `TAPE_OPTIMIZER` for settings that tfjs does not heed
   */
  async #settings(tell: boolean): Promise<OptimizerSpec> {
    const now = await refusable(() => this.#live.settings());
    if (!tell || isDeepStrictEqual(now, this.#optimizer)) return now;
    this.#optimizer = now;
    const { className: optimizer, config: settings } = now;
    this.#listener.tell({ event: "optimizer", epoch: this.#epoch, optimizer, settings });
    return now;
  }

  async #beginCallbacks(): Promise<void> {
    const { epochs } = this.#options;
    const { data, batchSize, validation } = this.#run;
    const metrics = Object.keys(this.#history);
    const doValidation = validation !== undefined;
    const params = { epochs, initialEpoch: 0, samples: data.count, steps: null, batchSize, verbose: 0, doValidation };
    await this.#callbacks.begin({ ...params, metrics }, this.#live.model);
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
