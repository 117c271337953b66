import { setTimeout as sleep } from "node:timers/promises";
import type { ResourceLimits, Worker } from "node:worker_threads";
import { Piscina } from "piscina";
import type { RunStart } from "../worker/task.ts";

/** What the threads run: of a network of ours or its tape, or of a compiled tfjs-layers model. */
export type Program = "worker" | "compiled";

/** The same from src/ and from dist/. */
const programs: Readonly<Record<Program, string>> = import.meta.url.endsWith(".ts")
  ? { worker: import.meta.resolve("../worker/worker.ts"), compiled: import.meta.resolve("../compiled/worker.ts") }
  : { worker: import.meta.resolve("../worker/worker.js"), compiled: import.meta.resolve("../compiled/worker.js") };

/** A task says which worker's it is; the rest is the program's own business. */
interface PooledTask {
  readonly worker: number;
}

/** What a task came to: its result, or what its thread died of. */
export type Ending<Result> =
  | { readonly worker: number; readonly result: Result }
  | { readonly worker: number; readonly error: unknown };

/** Threads for a run, one a worker, owned by piscina. */
export class ThreadPool {
  readonly #pool: Piscina<PooledTask | RunStart, unknown>;
  readonly #exits = new Map<Worker, Promise<void>>();
  #cancels: AbortController[] = [];

  constructor(threads: number, resourceLimits: ResourceLimits | undefined, program: Program = "worker") {
    this.#pool = new Piscina<PooledTask | RunStart, unknown>({
      filename: programs[program],
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    // A thread that dies without a task: the next task on it, or its missing heartbeat, tells. Without a listener
    // Node would end the process.
    this.#pool.on("error", () => {});
    this.#track();
  }

  get threads(): readonly Worker[] {
    return this.#pool.threads;
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
    name: "prepare" | "train" | "evaluate" | "optimizerState",
    tasks: readonly PooledTask[],
    ended: (ending: Ending<Result>) => void,
  ): Promise<void> {
    this.#cancels = tasks.map(() => new AbortController());
    await Promise.all(
      tasks.map(async (task, i) => {
        const { worker } = task;
        try {
          // Every function of a worker.ts returns what its name promises.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          const result = (await this.#pool.run(task, { name, signal: this.#cancels[i].signal })) as Result;
          ended({ worker, result });
        } catch (error) {
          ended({ worker, error });
        }
      }),
    );
  }

  /** Ends the tasks that still run, and their threads with them: piscina has no deadline of its own. */
  cancel(reason: Error): void {
    // Piscina starts new threads for those it ends here; `destroy` finds them.
    for (const cancel of this.#cancels) cancel.abort(reason);
  }

  /**
   * Ends all threads, and waits until they are gone.
   *
   * @param milliseconds to wait at most: a thread that cannot be ended must not hold its caller too
   */
  async destroy(milliseconds: number): Promise<void> {
    this.#track();
    // Piscina does not wait for the threads whose tasks were aborted or failed.
    const gone = Promise.all([this.#pool.destroy(), ...this.#exits.values()]);
    const limit = new AbortController();
    await Promise.race([gone, sleep(milliseconds, undefined, { signal: limit.signal }).catch(() => {})]);
    limit.abort();
  }

  #track(): void {
    for (const thread of this.#pool.threads) {
      if (this.#exits.has(thread)) continue;
      this.#exits.set(thread, new Promise((resolve) => thread.once("exit", () => resolve())));
    }
  }
}
