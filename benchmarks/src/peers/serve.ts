import process from "node:process";
import readline from "node:readline";
import type { Answer } from "./answer.ts";
import type { Job } from "./job.ts";

/** Answers jobs, a line each, until the input ends: the side of a peer that runs in Node. */
export async function serve(
  framework: string,
  version: string,
  work: (job: Job) => Promise<Pick<Answer, "imagesPerSecond" | "loss">>,
): Promise<void> {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const job: Job = JSON.parse(line);
    const { setup, network, batchSize } = job;
    const about = { framework, version, setup, network, batchSize };
    let answer: object;
    try {
      answer = await work(job);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message.split("\n")[0] : String(error) };
    }
    process.stdout.write(`${JSON.stringify({ ...about, ...answer })}\n`);
  }
}
