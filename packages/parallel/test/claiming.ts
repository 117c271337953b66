// One worker of a run whose parts are numbers: it takes parts, publishes each or is too slow for it, does those of others
// instead, and checks that at the end of each step every part has its own sum.
import { parentPort, workerData } from "node:worker_threads";
import { Claims } from "../src/control/claims.ts";
import { words } from "../src/control/words.ts";

interface Claiming {
  readonly control: Int32Array;
  /** One number instead of each vector. */
  readonly vectors: Int32Array;
  readonly worker: number;
  readonly parts: number;
  readonly steps: number;
}

// Typed by the test that starts the thread.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { control, vectors, worker, parts, steps } = workerData as Claiming;
const claims = new Claims(control, worker);
let random = worker + 1;
let wrong = 0;

/** Now and then the other threads get some time. */
function dawdle(): void {
  random = (random * 48_271) % 2_147_483_647;
  for (let i = random % 400; i > 0; i--) Atomics.load(control, words.committed);
}

function sumOf(part: number, step: number): number {
  return step * 1000 + part;
}

function published(): void {
  Atomics.add(control, words.arrivals, 1);
}

function isOver(step: number): boolean {
  return Atomics.load(control, words.committed) !== step;
}

for (let step = 0; step < steps; step = Atomics.load(control, words.committed)) {
  for (let i = 0; i < parts; i++) {
    const part = (i + worker) % parts;
    const before = claims.state(part);
    if (!claims.takePart(part, step)) continue;
    dawdle();
    vectors[claims.vectorIn(before)] = sumOf(part, step);
    if (claims.publishTaken(part, step, before)) published();
    else while (!claims.isHandedBack(before));
  }
  while (!isOver(step) && Atomics.load(control, words.arrivals) < parts) {
    const part = (random + worker) % parts;
    dawdle();
    if (claims.holder(part, step) === -1) continue;
    vectors[claims.hand] = sumOf(part, step);
    if (claims.publishInstead(part, step)) published();
  }
  if (isOver(step) || !claims.takeSlice(0, step)) {
    while (!isOver(step));
    continue;
  }
  for (let part = 0; part < parts; part++) {
    if (vectors[claims.vectorIn(claims.state(part))] !== sumOf(part, step)) wrong++;
  }
  Atomics.store(control, words.arrivals, 0);
  Atomics.store(control, words.committed, step + 1);
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
parentPort?.postMessage(wrong);
