import process from "node:process";

/** What one worker did in an epoch. */
export interface Usage {
  /** Parts of minibatches that it computed. */
  readonly parts: number;
  /** Of these, how many another worker had taken and could not finish in time, because its core was given to other programs. */
  readonly takenOver: number;
  /** Processor time over wall time: 1 for a core of its own. Nothing where the engine does not count it for threads. */
  readonly coreShare: number | undefined;
}

/** Bun, Deno and older Nodes count processor time for the whole process alone. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types are those of Node 26
const { threadCpuUsage } = process as { readonly threadCpuUsage?: typeof process.threadCpuUsage };

/** Counts the processor time of this thread from its making on. */
export class CoreClock {
  readonly #start = performance.now();
  readonly #used = threadCpuUsage?.();

  share(): number | undefined {
    if (this.#used === undefined) return undefined;
    const { user, system } = threadCpuUsage!(this.#used);
    return (user + system) / 1000 / (performance.now() - this.#start);
  }
}
