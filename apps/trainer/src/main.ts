import process from "node:process";
import { Interruption, type Environment } from "./environment.ts";
import { run } from "./run.ts";
import { showCursor, streamOutput } from "@convoy/parallel/progress";

const controller = new AbortController();
const environment: Environment = {
  stdout: streamOutput(process.stdout, process.env),
  stderr: streamOutput(process.stderr, process.env),
  // pnpm runs scripts in the folder of the package; this is where the user stands.
  directory: process.env["INIT_CWD"] ?? process.cwd(),
  signal: controller.signal,
};

/** The first time everything is saved at the next step; who asks again does not want to wait for that. */
function interrupt(interruption: Interruption): void {
  if (!controller.signal.aborted) return controller.abort(interruption);
  for (const output of [environment.stdout, environment.stderr]) {
    if (output.isTerminal) output.write(showCursor);
  }
  process.exit(interruption.exitCode);
}

process.on("SIGINT", () => interrupt(new Interruption("Ctrl-C", 130)));
process.on("SIGTERM", () => interrupt(new Interruption("a termination signal", 143)));
// A terminal that closes takes its programs with it: also then everything is saved first.
process.on("SIGHUP", () => interrupt(new Interruption("the end of its terminal", 129)));
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (controller.signal.aborted) return;
  // Nobody reads on, as after "| head": that is a wish to end, not a failure.
  if (error.code === "EPIPE") return controller.abort(new Interruption("the end of the pipe that read it", 0));
  environment.stderr.write(`OUTPUT_WRITE: standard output cannot be written: ${error.message}.\n`);
  controller.abort(new Interruption("the failure of its output", 1));
});
// What cannot be said there cannot be said anywhere.
process.stderr.on("error", () => {});

const exitCode = await run(process.argv.slice(2), environment);
process.exitCode = exitCode;
// What an interrupted command left behind must not keep the process.
if (controller.signal.aborted) process.exit(exitCode);
