import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import process from "node:process";
import readline from "node:readline";
import { type Answer, parseAnswer, PeerError } from "./answer.ts";
import { scriptsFolder } from "./find_python.ts";
import type { Job } from "./job.ts";
import type { Launch } from "./setups.ts";

/** The process of a peer: started with the first job, asked one job at a time. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  /** When the process has ended and all that it wrote has been read: its last words may come after the end of its answers. */
  readonly #closed: Promise<unknown>;
  #errors = "";

  constructor(launch: Launch, python: string) {
    const [command, args] = commandOf(launch, python);
    this.#child = spawn(command, args, { env: environmentOf(launch), stdio: ["pipe", "pipe", "pipe"] });
    // First of all: without a handle for its pipes, the process has none, and says so by an event.
    this.#child.on("error", (error) => (this.#errors += error.message));
    const { stdin, stdout, stderr }: Partial<ChildProcess> = this.#child;
    if (stdin === undefined) throw new PeerError("its process could not be started: no handle was free");
    // A process that has ended says why on its standard error; the broken pipe adds nothing.
    stdin!.on("error", () => {});
    this.#closed = new Promise((resolve) => this.#child.once("close", resolve));
    stderr!.setEncoding("utf8").on("data", (text: string) => (this.#errors = (this.#errors + text).slice(-10_000)));
    this.#lines = readline.createInterface({ input: stdout! })[Symbol.asyncIterator]();
  }

  /** @throws PeerError when the peer cannot do it, ended, or did not answer in time; the process is then of no more use */
  async ask(job: Job, milliseconds: number): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify(job)}\n`);
    const asked = { check: job.checkEpochs > 0, rates: job.seconds > 0 };
    const timeout = AbortSignal.timeout(milliseconds);
    const late = new Promise<never>((_, reject) => {
      timeout.addEventListener("abort", () => reject(new PeerError(`no answer within ${milliseconds / 1000} s`)));
    });
    for (;;) {
      const { done, value } = await Promise.race([this.#lines.next(), late]);
      if (done === true) {
        await Promise.race([this.#closed, late]);
        throw new PeerError(`its process ended: ${lastLine(this.#errors)}`);
      }
      const answer = parseAnswer(value, asked);
      if (answer !== undefined) return answer;
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    this.#child.stdin!.end();
    // torchrun ends its workers when it is asked to, within 30 s; when it is killed, they stay.
    const ask = setTimeout(() => this.#child.kill("SIGTERM"), 3000);
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), 40_000);
    await this.#closed;
    clearTimeout(ask);
    clearTimeout(kill);
  }
}

/** @returns command and arguments */
export function commandOf({ program, script, flags, processes }: Launch, python: string): [string, string[]] {
  if (program === "node") return [process.execPath, [...flags, path.join(import.meta.dirname, script)]];
  const file = path.join(scriptsFolder, script);
  if (processes === 1) return [python, [...flags, file]];
  const torchrun = ["-m", "torch.distributed.run", "--standalone", `--nproc-per-node=${processes}`];
  return [python, [...torchrun, ...flags, file]];
}

/** Ours, less what would tell the peer's libraries which processor to take it for. */
export function environmentOf({ environment }: Launch, ours: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...others } = ours;
  return { ...others, ...environment };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
