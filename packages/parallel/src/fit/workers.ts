import type { ResourceLimits, Worker } from "node:worker_threads";
import { resetClaims } from "../control/claims.ts";
import { resetWords, words } from "../control/words.ts";
import type { ParallelError, RunPosition } from "../errors.ts";
import type { ThreadPool } from "../pool/thread_pool.ts";
import { Watch } from "../pool/watch.ts";
import type { Run } from "../worker/task.ts";
import { hungFault, workerFault, type Phase, type WorkerFault } from "./fault.ts";
import { patienceAfter } from "./patience.ts";
import { Recovery, type Verdict } from "./recovery.ts";

/** What a run must have to be shared out. */
interface PlannedRun {
  readonly plan: { readonly workers: number };
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
  /** How often in a row fresh threads take over after a fault; asked at each, for it may depend on what threads told. */
  readonly maxRestarts: () => number;
  /** See `Watch`. */
  readonly hangMilliseconds: number | undefined;
  /** Optimizer steps that are whole. */
  readonly steps: () => number;
  /** Resolves when the run is to stop, where it can be. */
  readonly stopping?: Promise<undefined>;
  /** Epoch and step that are being computed; of a worker, if one is asked for. */
  readonly position: (worker?: number) => RunPosition;
  readonly onTick: () => void;
  readonly onFault: (fault: ParallelError, phase: Phase, restart: number | undefined) => void;
}

/** All workers of a run: gives each a task, watches them, and has fresh threads take over when one fails. */
export class Workers<AnyRun extends PlannedRun> {
  readonly #options: WorkersOptions<AnyRun>;
  readonly #watch: Watch;
  readonly #recovery: Recovery;
  #phase: Phase = "prepare";
  #isOver = false;
  #failure: { readonly fault: WorkerFault; readonly verdict: Verdict } | undefined;

  constructor(options: WorkersOptions<AnyRun>) {
    this.#options = options;
    const { control, run, onTick, maxRestarts, hangMilliseconds } = options;
    this.#recovery = new Recovery(maxRestarts);
    const onHang = (worker: number, milliseconds: number): void => {
      this.#fail(hungFault(milliseconds, this.#position(worker), this.#phase));
    };
    this.#watch = new Watch(control, run.plan.workers, onTick, onHang, hangMilliseconds);
    resetClaims(control, run.plan.workers);
  }

  /**
   * The threads' first task: compile and plan.
   *
   * @param milliseconds that a part of a step took, of what a thread gives back
   * @param parts of a step
   * @returns nothing when the run is to stop before all threads are ready: nothing is lost with them
   * @throws the first fault that the run does not survive, once all tasks have ended
   */
  async prepare<Result>(milliseconds: (result: Result) => number, parts = 1): Promise<Result[] | undefined> {
    const { stopping } = this.#options;
    const results = await (stopping === undefined
      ? this.#prepare<Result>()
      : Promise.race([this.#prepare<Result>(), stopping]));
    if (results === undefined) return undefined;
    for (const result of results) this.#watch.timed(milliseconds(result), parts);
    return results;
  }

  /**
   * @param task made for each worker; done again, by all workers, after a fault that the run survives
   * @throws the first fault of those that it does not survive, once all tasks have ended
   */
  async run<Result>(
    name: Exclude<Phase, "prepare">,
    task: (base: BaseTask<AnyRun>) => BaseTask<AnyRun>,
  ): Promise<Result[]> {
    for (;;) {
      const results = await this.#attempt<Result>(name, task);
      if (results !== undefined) return results;
      await this.#startAgain();
      await this.#prepare();
    }
  }

  /** What becomes of the threads from now on is no fault. */
  stop(): void {
    this.#isOver = true;
    this.#watch.stop();
  }

  async #prepare<Result>(): Promise<Result[]> {
    for (;;) {
      const results = await this.#attempt<Result>("prepare", (task) => task);
      if (results !== undefined) return results;
      await this.#startAgain();
    }
  }

  #position(worker: number | undefined): RunPosition {
    return this.#phase === "prepare" ? { worker } : { ...this.#options.position(worker), worker };
  }

  /** @returns nothing after a fault that the run survives */
  async #attempt<Result>(
    name: Phase,
    task: (base: BaseTask<AnyRun>) => BaseTask<AnyRun>,
  ): Promise<Result[] | undefined> {
    const { run, pool } = this.#options;
    const results: Result[] = [];
    const tasks = Array.from({ length: run.plan.workers }, (_, worker) => task({ run, worker }));
    this.#phase = name;
    this.#watch.begin(name === "prepare");
    // Nobody has taken anything of an evaluation that begins.
    Atomics.store(this.#options.control, words.chunk, 0);
    await pool.run<Result>(name, tasks, (ending) => {
      if (ending.worker !== undefined) this.#watch.end(ending.worker);
      if ("error" in ending) {
        this.#fail(workerFault(ending.error, this.#position(ending.worker), name));
      } else {
        results[ending.worker] = ending.result;
      }
    });
    if (this.#failure === undefined) return results;
    const { restart, error } = this.#failure.verdict;
    if (restart === undefined) throw error;
    return undefined;
  }

  /** Only the first fault counts: those that follow are its consequences. */
  #fail(fault: WorkerFault): void {
    if (this.#failure !== undefined || this.#isOver) return;
    const { control, pool, steps, onFault } = this.#options;
    const verdict = this.#recovery.judge(fault, steps());
    this.#failure = { fault, verdict };
    Atomics.store(control, words.abort, 1);
    // Must follow the store: a worker that is woken looks at the word, and goes back to sleep if it is not set.
    Atomics.notify(control, words.generation);
    // All of them: a thread whose program threw may be in any state, and to start several takes hardly longer than one.
    pool.end();
    onFault(verdict.error, fault.phase, verdict.restart);
  }

  /**
   * Fresh threads for all workers.
   *
   * They find the run as the last whole step left it, wherever in a step the old ones died. Step n reads parameters and
   * optimizer state n mod 2 and writes the others; sums, losses and right answers of a step are only ever written anew.
   * `committed` becomes n + 1 in the worker that reduced the last slice: after it saw the count of all of them, so after all
   * that was written, and before anybody begins with step n + 1, whose writes go to the half that n + 1 no longer needs. A worker
   * that still has a part of step n, which another did instead, writes to a vector that nobody reads. So at any moment the half that `committed` names is whole, and nobody writes to it. It is read here after the
   * threads' exits, which follow all that they ever wrote.
   */
  async #startAgain(): Promise<void> {
    const { control, pool, run } = this.#options;
    if (this.#failure === undefined) return;
    const end = this.#recovery.end(this.#failure.fault);
    // A thread that cannot be ended might still write: nobody may go on in the same memory.
    if (!(await pool.destroy(patienceAfter(end))) || this.#isOver) throw end;
    resetWords(control);
    resetClaims(control, run.plan.workers);
    this.#failure = undefined;
    pool.restart();
  }
}

/** What tests need beyond the public options. */
export interface TrainerSettings {
  readonly replicaWrapper?: Run["replicaWrapper"];
  readonly resourceLimits?: ResourceLimits;
  /** Gets the threads as soon as they exist: at the start, and after each fault that the run survives. */
  readonly onThreads?: (threads: readonly Worker[]) => void;
  /** See `Watch`. */
  readonly hangMilliseconds?: number;
  /** Threads that can compute at the same time. Default: `usableCores()` */
  readonly cores?: number;
}
