import process from "node:process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { showCursor, streamOutput } from "@convoy/parallel/progress";
import { Interruption, type Environment } from "./environment.ts";
import { run } from "./run.ts";
import { listenToSignals } from "./signals/listen.ts";
import { SaveRequests } from "./signals/save_requests.ts";
import { fileStream } from "./terminal/file_stream.ts";

const controller = new AbortController();
const saveRequests = new SaveRequests();
/** Whether something that was to be read is lost. */
let isLost = false;
const environment: Environment = {
  stdout: streamOutput(fileStream(1, outputFailed) ?? process.stdout, process.env),
  stderr: streamOutput(fileStream(2, errorOutputFailed) ?? process.stderr, process.env),
  // pnpm runs scripts in the folder of the package; this is where the user stands.
  directory: process.env["INIT_CWD"] ?? process.cwd(),
  signal: controller.signal,
  saveRequests,
};

/** The first time everything is saved at the next step; who asks again does not want to wait for that. */
function interrupt(interruption: Interruption): void {
  if (!controller.signal.aborted) return controller.abort(interruption);
  giveCursorBack();
  process.exit(interruption.exitCode);
}

/** A spinner or a bar may be left in the middle. */
function giveCursorBack(): void {
  for (const output of [environment.stdout, environment.stderr]) {
    if (output.isTerminal) output.write(showCursor);
  }
}

function outputFailed(error: NodeJS.ErrnoException): void {
  // Nobody reads on, as after "| head": that is a wish to end, not a failure.
  if (error.code === "EPIPE") return controller.abort(new Interruption("the end of the pipe that read it", 0));
  if (isLost) return;
  isLost = true;
  environment.stderr.write(`OUTPUT_WRITE: standard output cannot be written: ${error.message}.\n`);
  controller.abort(new Interruption("the failure of its output", 1));
}

/** What cannot be said there cannot be said anywhere. */
function errorOutputFailed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") isLost = true;
}

listenToSignals(interrupt, saveRequests);
process.stdout.on("error", outputFailed);
process.stderr.on("error", errorOutputFailed);

const exitCode = await run(process.argv.slice(2), environment);
if (controller.signal.aborted) giveCursorBack();
for (const stream of [process.stdout, process.stderr]) await written(stream);
process.exitCode = isLost ? 1 : exitCode;
// What an interrupted command left behind must not keep the process.
if (controller.signal.aborted) process.exit();

/** Waits until the last of a stream is written, or has failed, and that is told. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.destroyed) await new Promise((resolve) => stream.write("", resolve));
  await nextTurn();
}
