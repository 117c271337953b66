import { spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import process from "node:process";

/** A program that keeps cores busy beside a training. */
export interface Neighbour {
  readonly name: string;
  /** Threads that compute without end. */
  readonly threads: number;
  /** From -20 to 19; the higher, the less it gets. */
  readonly nice: number;
}

/** Each thread computes in bursts, as programs do, of which the next begins at once. */
const source = (threads: number): string => `
const { Worker } = require("node:worker_threads");
const busy = "for (let x = 1; ; x = (x * 16807) % 2147483647) {}";
for (let i = 1; i < ${threads}; i++) new Worker(busy, { eval: true });
process.stdout.write("ready", () => eval(busy));
`;

/** Does something beside a neighbour, who is gone afterwards. */
export async function beside<Result>(neighbour: Neighbour, work: () => Promise<Result>): Promise<Result> {
  const child = spawn(process.execPath, ["-e", source(neighbour.threads)], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  try {
    await once(child.stdout, "data");
    setPriority(child.pid!, neighbour.nice);
    return await work();
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
}
