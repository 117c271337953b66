import type { ResourceLimits, Worker } from "node:worker_threads";
import { words } from "../control/words.ts";
import type { ParallelError, RunPosition } from "../errors.ts";
import { ThreadPool } from "../pool/thread_pool.ts";
import { Watch } from "../pool/watch.ts";
import type { StepPlan } from "../plan/plan.ts";
import type { Run } from "../worker/task.ts";
import { hungFault, workerFault, type Phase } from "./fault.ts";

/** After a fault the others leave at the next barrier; who computes longer than this is ended with its thread. */
const graceMilliseconds = 500;

/** What a run must have to be shared out. */
interface PlannedRun {
  readonly plan: StepPlan;
}

/** A task as every thread gets it; a phase may need more. */
interface BaseTask<AnyRun> {
  readonly run: AnyRun;
  readonly worker: number;
}

export interface WorkersOptions<AnyRun> {
  readonly run: AnyRun;
  readonly pool: ThreadPool;
  readonly control: Int32Array;
  /** Epoch and step that are being computed. */
  readonly position: () => RunPosition;
  readonly onTick: () => void;
  readonly onFault: (fault: ParallelError) => void;
}

/** All workers of a run: gives each a task, watches them, and ends all when one fails. */
export class Workers<AnyRun extends PlannedRun> {
  readonly #options: WorkersOptions<AnyRun>;
  readonly #watch: Watch;
  #phase: Phase = "prepare";
  #fault: ParallelError | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(options: WorkersOptions<AnyRun>) {
    this.#options = options;
    const { control, run, onTick } = options;
    this.#watch = new Watch(control, run.plan.workers, onTick, (worker, milliseconds) => {
      this.#fail(hungFault(milliseconds, this.#position(worker), this.#phase));
    });
  }

  /**
   * The threads' first task: compile and plan.
   *
   * @param milliseconds that a step may take, of what a thread gives back
   */
  async prepare<Result>(milliseconds: (result: Result) => number): Promise<Result[]> {
    const results = await this.#all<Result>("prepare", (task) => task);
    for (const result of results) this.#watch.took(milliseconds(result));
    return results;
  }

  /**
   * @param task made for each worker
   * @throws the first fault, once all tasks have ended
   */
  async run<Result>(
    name: Exclude<Phase, "prepare">,
    task: (base: BaseTask<AnyRun>) => BaseTask<AnyRun>,
  ): Promise<Result[]> {
    return this.#all<Result>(name, task);
  }

  stop(): void {
    this.#watch.stop();
    clearTimeout(this.#grace);
  }

  #position(worker: number): RunPosition {
    return this.#phase === "prepare" ? { worker } : { ...this.#options.position(), worker };
  }

  async #all<Result>(name: Phase, task: (base: BaseTask<AnyRun>) => BaseTask<AnyRun>): Promise<Result[]> {
    const { run, pool } = this.#options;
    const results: Result[] = [];
    const tasks = run.plan.owned.map((_, worker) => task({ run, worker }));
    this.#phase = name;
    this.#watch.begin(name === "prepare");
    await pool.run<Result>(name, tasks, (ending) => {
      const { worker } = ending;
      this.#watch.end(worker);
      if ("error" in ending) {
        this.#fail(workerFault(ending.error, this.#position(worker), name));
      } else {
        results[worker] = ending.result;
      }
    });
    if (this.#fault !== undefined) throw this.#fault;
    return results;
  }

  /** Only the first fault counts: those that follow are its consequences. */
  #fail(fault: ParallelError): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    const { control, pool, onFault } = this.#options;
    Atomics.store(control, words.abort, 1);
    // Must follow the store: a worker that is woken looks at the word, and goes back to sleep if it is not set.
    Atomics.notify(control, words.generation);
    this.#grace = setTimeout(() => pool.cancel(fault), graceMilliseconds);
    onFault(fault);
  }
}

/** What tests need beyond the public options. */
export interface TrainerSettings {
  readonly replicaWrapper?: Run["replicaWrapper"];
  readonly resourceLimits?: ResourceLimits;
  /** Gets the threads as soon as they exist. */
  readonly onThreads?: (threads: readonly Worker[]) => void;
}
