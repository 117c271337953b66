import { setTimeout as sleep } from "node:timers/promises";
import type { ResourceLimits, Worker } from "node:worker_threads";
import { Piscina } from "piscina";
import type { RunStart } from "../worker/task.ts";
import { type Program, programUrl } from "./program_url.ts";

/** A task says which worker's it is; the rest is the program's own business. */
interface PooledTask {
  readonly worker: number;
}

/** What a task came to: its result, or what its thread died of. */
export type Ending<Result> =
  | { readonly worker: number; readonly result: Result }
  | { readonly worker: number; readonly error: unknown };

export interface ThreadSettings {
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Gets the threads as soon as they exist. */
  readonly onThreads?: ((threads: readonly Worker[]) => void) | undefined;
}

type Pool = Piscina<PooledTask | RunStart, unknown>;

/** Threads for a run, one a worker, owned by piscina. */
export class ThreadPool {
  readonly #threads: number;
  readonly #settings: ThreadSettings;
  readonly #program: Program;
  readonly #exits = new Map<Worker, Promise<void>>();
  #pool: Pool;
  #gone: Promise<void> | undefined;

  constructor(threads: number, settings: ThreadSettings, program: Program = "worker") {
    this.#threads = threads;
    this.#settings = settings;
    this.#program = program;
    this.#pool = this.#begin();
  }

  /**
   * Has each thread plan and compile, without waiting for it. It only saves time later: what fails here fails again, and
   * is told, in the first task that needs it.
   */
  start(run: RunStart): void {
    for (let i = 0; i < run.plan.workers; i++) this.#pool.run(run, { name: "start" }).catch(() => {});
  }

  /**
   * Gives each worker its task, all at the same time.
   *
   * @param name the function in the program's `worker.ts`
   * @param ended is called as each task ends, well or badly
   * @returns when all have ended
   */
  async run<Result>(
    name: "prepare" | "train" | "evaluate",
    tasks: readonly PooledTask[],
    ended: (ending: Ending<Result>) => void,
  ): Promise<void> {
    this.#track();
    await Promise.all(
      tasks.map(async (task) => {
        const { worker } = task;
        try {
          // Every function of a worker.ts returns what its name promises.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          const result = (await this.#pool.run(task, { name })) as Result;
          ended({ worker, result });
        } catch (error) {
          ended({ worker, error });
        }
      }),
    );
  }

  /** Ends all threads, in the middle of whatever they do; the tasks that they had end badly, before they are gone. */
  end(): void {
    this.#gone ??= this.#end();
  }

  /**
   * Ends all threads, and waits until they are gone.
   *
   * @param milliseconds to wait at most: a thread that cannot be ended must not hold its caller too
   * @returns whether all are gone
   */
  async destroy(milliseconds: number): Promise<boolean> {
    this.end();
    const limit = new AbortController();
    const gone = await Promise.race([
      this.#gone?.then(() => true),
      sleep(milliseconds, false, { signal: limit.signal }).catch(() => false),
    ]);
    limit.abort();
    return gone === true;
  }

  /** Starts fresh threads, once all the others are gone. */
  restart(): void {
    this.#gone = undefined;
    this.#exits.clear();
    this.#pool = this.#begin();
  }

  #begin(): Pool {
    const { resourceLimits, onThreads } = this.#settings;
    const pool: Pool = new Piscina({
      filename: programUrl(this.#program),
      minThreads: this.#threads,
      maxThreads: this.#threads,
      concurrentTasksPerWorker: 1,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    // A thread that dies without a task: the next task on it, or its missing heartbeat, tells. Without a listener
    // Node would end the process.
    pool.on("error", () => {});
    onThreads?.(pool.threads);
    return pool;
  }

  async #end(): Promise<void> {
    this.#track();
    // Piscina does not wait for threads that failed by themselves.
    await Promise.all([this.#pool.destroy(), ...this.#exits.values()]);
    // Where such a thread was gone last, piscina has put others in the places of all.
    await this.#pool.destroy();
  }

  /** Piscina replaces threads by itself: at the start of each task it may have others. */
  #track(): void {
    for (const thread of this.#pool.threads) {
      if (this.#exits.has(thread)) continue;
      this.#exits.set(thread, new Promise((resolve) => thread.once("exit", () => resolve())));
    }
  }
}
