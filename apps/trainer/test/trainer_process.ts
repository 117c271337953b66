import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";

const root = fileURLToPath(new URL("../../..", import.meta.url));
export const main: string = path.join(root, "apps", "trainer", "main.mjs");

export interface Ending {
  /** What a shell would see: 128 + the number of a signal that ended it. */
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

export interface ProgramOptions {
  /** Where the user stands. */
  readonly directory: string;
  /** Sees the output grow. */
  readonly watch?: ((out: string, child: ChildProcess) => void) | undefined;
  readonly variables?: NodeJS.ProcessEnv;
}

const signals: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Runs a program in a process group of its own, as a terminal does. */
export function runProgram(
  command: string,
  argv: readonly string[],
  { directory, watch = () => {}, variables = {} }: ProgramOptions,
): Promise<Ending> {
  const environment = { ...process.env, INIT_CWD: directory, NO_COLOR: "1", FORCE_COLOR: undefined, ...variables };
  const child = spawn(command, argv, {
    cwd: root,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    watch(out, child);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    error += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ exitCode: code ?? 128 + signals[signal ?? ""], out, error });
    });
  });
}

/** Runs the trainer with this Node, and with what `pnpm trainer` starts it with. */
export function trainer(argv: readonly string[], options: ProgramOptions): Promise<Ending> {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const [, ...started] = String(scripts.trainer).split(" ");
  // What started the tests is not what started the trainer.
  const variables = { npm_execpath: undefined, ...options.variables };
  return runProgram(process.execPath, [...started, ...argv], { ...options, variables });
}

/** Runs it as the README says. pnpm sets INIT_CWD itself, to where it is started, so paths are given in full. */
export function trainerThroughPnpm(argv: readonly string[], options: ProgramOptions): Promise<Ending> {
  return runProgram("npx", ["-y", "pnpm@12", "--silent", "trainer", ...argv], options);
}

/** A run whose loss is no number any more, with such a learning rate, ends with exit code 1 and one line. */
export async function failsWithOne(
  t: ExecutionContext,
  start: (argv: readonly string[]) => Promise<Ending>,
  argv: readonly string[],
): Promise<void> {
  const { exitCode, error } = await start([...argv, "--quiet"]);
  t.is(exitCode, 1, error);
  t.regex(error, /^NONFINITE_LOSS: /m);
  t.notRegex(error, /^ {4}at /m);
}
