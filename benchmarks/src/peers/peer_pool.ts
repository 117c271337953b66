import type { Answer } from "./answer.ts";
import { PeerError } from "./answer.ts";
import type { Job } from "./job.ts";
import { PeerProcess } from "./peer_process.ts";
import type { Setup } from "./setups.ts";

/** More than a compiler takes for the largest network. */
const patience = 180_000;

/** The processes of the peers, one for each way to start one; they wait between jobs, without using a core. */
export class PeerPool {
  readonly #python: string;
  readonly #processes = new Map<string, PeerProcess>();

  constructor(python: string) {
    this.#python = python;
  }

  /** @throws PeerError; the next job starts the process anew */
  async ask({ launch }: Setup, job: Job): Promise<Answer> {
    const key = JSON.stringify(launch);
    const running = this.#processes.get(key) ?? new PeerProcess(launch, this.#python);
    this.#processes.set(key, running);
    try {
      return await running.ask(job, patience);
    } catch (error) {
      this.#processes.delete(key);
      await running.close();
      throw error instanceof PeerError ? error : new PeerError(String(error));
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((running) => running.close()));
    this.#processes.clear();
  }
}
