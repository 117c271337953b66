import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { ResourceLimits, Worker } from "node:worker_threads";
import { checkEngine } from "@convoy/core/training";
import type { ArrayTaskQueue, Piscina } from "piscina";
import type { RunStart } from "../worker/task.ts";
import { checkAddressSpace } from "./address_space.ts";
import { type Program, programUrl } from "./program_url.ts";
import { ThreadDeath } from "./thread_death.ts";

/** A task says which worker's it is; the rest is the program's own business. */
interface PooledTask {
  readonly worker: number;
}

/** What a task came to: its result, or what its thread died of. No worker: a thread died that had no task of one. */
export type Ending<Result> =
  | { readonly worker: number; readonly result: Result }
  | { readonly worker: number | undefined; readonly error: unknown };

export interface ThreadSettings {
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Gets the threads as soon as they exist. */
  readonly onThreads?: ((threads: readonly Worker[]) => void) | undefined;
}

/** What is needed of piscina, once it is loaded. */
interface PiscinaPackage {
  readonly ArrayTaskQueue: typeof ArrayTaskQueue;
  readonly Piscina: typeof Piscina;
}

type Pool = Piscina<PooledTask | RunStart, unknown>;

/** Piscina's own words for the task of a thread that it ended; there is no code to go by. */
const terminated = "Terminating worker thread";

/**
 * Threads for a run, one a worker, owned by piscina. When one dies, all are ended: whoever needs them starts fresh ones. Piscina
 * alone would put another in its place, unseen, or have tasks wait for ever for one that cannot start.
 */
export class ThreadPool {
  readonly #threads: number;
  readonly #settings: ThreadSettings;
  readonly #program: string;
  readonly #piscina: PiscinaPackage;
  readonly #exits = new Map<Worker, Promise<void>>();
  readonly #loaded = new Set<Worker>();
  #queue: ArrayTaskQueue;
  #pool: Pool;
  #death: ThreadDeath | undefined;
  #onDeath: ((death: ThreadDeath) => void) | undefined;
  #gone: Promise<void> | undefined;

  /**
   * Starts them. Whether they can run at all is found out first; in a bundle, for one, piscina cannot even be loaded.
   *
   * @throws `KERNELS_UNSUPPORTED`, `BUNDLED`, `ADDRESS_SPACE` before any thread starts
   */
  static async open(threads: number, settings: ThreadSettings, program: Program): Promise<ThreadPool> {
    checkEngine();
    const file = programUrl(program);
    checkAddressSpace(threads);
    return new ThreadPool(threads, settings, file, await import("piscina"));
  }

  private constructor(threads: number, settings: ThreadSettings, program: string, piscina: PiscinaPackage) {
    this.#threads = threads;
    this.#settings = settings;
    this.#program = program;
    this.#piscina = piscina;
    this.#queue = new piscina.ArrayTaskQueue();
    this.#pool = this.#begin();
  }

  /**
   * Has each thread plan and compile, without waiting for it. It only saves time later: what fails here fails again, and
   * is told, in the first task that needs it.
   */
  start(run: RunStart): void {
    for (let i = 0; i < run.plan.workers; i++) this.#run(run, "start").catch(() => {});
  }

  /** Who is told of the first death of a thread, while no task tells of it; nobody, to end that. */
  set onDeath(listener: ((death: ThreadDeath) => void) | undefined) {
    this.#onDeath = listener;
    if (this.#death !== undefined) listener?.(this.#death);
  }

  /**
   * Gives each worker its task, all at the same time.
   *
   * @param name the function in the program's `worker.ts`
   * @param ended is called as each task ends, well or badly; first of all with a death, if there is one
   * @returns when all have ended
   */
  async run<Result>(
    name: "prepare" | "train" | "evaluate",
    tasks: readonly PooledTask[],
    ended: (ending: Ending<Result>) => void,
  ): Promise<void> {
    await Promise.all(
      tasks.map(async (task) => {
        const { worker } = task;
        try {
          // Every function of a worker.ts returns what its name promises.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          const result = (await this.#run(task, name)) as Result;
          ended({ worker, result });
        } catch (error) {
          ended(error instanceof ThreadDeath ? { worker: undefined, error } : { worker, error });
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

  /** To be called once all threads are gone: fresh ones start with the next task. */
  restart(): void {
    this.#gone = undefined;
    this.#death = undefined;
    this.#exits.clear();
    this.#loaded.clear();
    this.#queue = new this.#piscina.ArrayTaskQueue();
    this.#pool = this.#begin();
  }

  #begin(): Pool {
    const { resourceLimits } = this.#settings;
    const pool: Pool = new this.#piscina.Piscina({
      filename: this.#program,
      // A name that each program has: for another one piscina would go on to look with a function made of text, which Node
      // refuses under --disallow-code-generation-from-strings.
      name: "prepare",
      // Piscina starts a thread with each task that finds none. More at once it could not give back if the system refuses one.
      minThreads: 0,
      maxThreads: this.#threads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: 1,
      taskQueue: this.#queue,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    // It tells of threads that die without a task, which are followed here. Without a listener Node would end the process.
    pool.on("error", () => {});
    pool.on("workerCreate", ({ id }: { readonly id: number }) => {
      for (const thread of pool.threads) if (thread.threadId === id) this.#loaded.add(thread);
    });
    return pool;
  }

  async #run(task: PooledTask | RunStart, name: string): Promise<unknown> {
    if (this.#death !== undefined) throw this.#death;
    let result: Promise<unknown>;
    try {
      result = this.#pool.run(task, { name });
    } catch (error) {
      // The system refused a thread. Nobody has the promise of the task, which piscina had queued before: its rejection would
      // end the process.
      const queued = this.#queue.tasks.at(-1);
      if (queued !== undefined) this.#queue.remove(queued);
      throw this.#died(error, true);
    }
    this.#track();
    try {
      return await result;
    } catch (error) {
      const isAnother = error instanceof Error && error.message === terminated;
      throw isAnother && this.#death !== undefined ? this.#death : error;
    }
  }

  /** Follows the thread that piscina has started for a task. */
  #track(): void {
    const { threads } = this.#pool;
    const fresh = threads.filter((thread) => !this.#exits.has(thread));
    for (const thread of fresh) {
      const died = (cause: unknown): void => {
        if (this.#exits.has(thread) && this.#gone === undefined) this.#died(cause, !this.#loaded.has(thread));
      };
      // Comes before the exit, and says more.
      thread.once("error", died);
      const exit = new Promise<void>((resolve) => {
        thread.once("exit", (code) => {
          died(new Error(`worker exited with code: ${code}`));
          resolve();
        });
      });
      this.#exits.set(thread, exit);
    }
    if (fresh.length > 0 && threads.length === this.#threads) this.#settings.onThreads?.(threads);
  }

  #died(cause: unknown, isStart: boolean): ThreadDeath {
    const death = (this.#death ??= new ThreadDeath(cause, isStart));
    this.end();
    this.#onDeath?.(death);
    return death;
  }

  async #end(): Promise<void> {
    // Piscina does not wait for threads that failed by themselves.
    await Promise.all([this.#pool.destroy(), ...this.#exits.values()]);
    // Ports keep the process until they are closed, which is the last thing in a turn of the event loop: the first wait ends before
    // that, the second one after it.
    await nextTurn();
    await nextTurn();
  }
}
