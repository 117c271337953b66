import { parentPort, workerData } from "node:worker_threads";
import { Barrier } from "../src/control/barrier.ts";
import { controlBytes, words } from "../src/control/words.ts";

interface Meeting {
  readonly buffer: SharedArrayBuffer;
  readonly workers: number;
  readonly worker: number;
  readonly rounds: number;
}

// Typed by the test that starts the thread.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { buffer, workers, worker, rounds } = workerData as Meeting;
const control = new Int32Array(buffer, 0, controlBytes(workers) / 4);
const rounded = new Int32Array(buffer, controlBytes(workers), workers);
const barrier = new Barrier(control, workers, worker);

let wrong = 0;
let aborted = false;
for (let round = 1; round <= rounds && !aborted; round++) {
  // Not atomic: it is the barrier that must make it visible.
  rounded[worker] = round;
  aborted = !barrier.meet();
  if (aborted) break;
  for (const other of rounded) if (other !== round) wrong++;
  aborted = !barrier.meet(() => Atomics.add(control, words.committed, 1));
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
parentPort?.postMessage({ wrong, aborted });
