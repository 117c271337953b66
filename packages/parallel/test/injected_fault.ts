import process from "node:process";
import { threadId } from "node:worker_threads";
import { stepOf } from "../src/control/claims.ts";
import { place as placeWord, places, words } from "../src/control/words.ts";

/** What goes wrong. `terminate`: the thread asks the test to end it from outside. */
export type FaultKind =
  | "throw"
  | "exit"
  | "terminate"
  | "allocate"
  | "spin"
  | "stall"
  | "nan"
  | "infiniteGradient"
  | "slow";

/** A fault at a place of a step; which places there are is the program's own business. */
export interface InjectedFault<Place extends string> {
  readonly kind: FaultKind;
  /** Default: gradient */
  readonly place?: Place;
  readonly worker: number;
  /** Optimizer step, from 0; for `copy`, how many are whole; of no meaning in an evaluation. */
  readonly step: number;
  /** How often it happens in all threads together. Default: always */
  readonly times?: number;
  /** How long each gradient of a `slow` worker takes longer. Default: 20 */
  readonly milliseconds?: number;
  /** Whether each time is one step later. Default: false */
  readonly advancing?: boolean;
  /** Two shared words: how often it has happened, and which thread is to be ended. */
  readonly shared?: Int32Array;
}

interface Armed {
  readonly fault: InjectedFault<string>;
  readonly worker: number;
  readonly control: Int32Array;
  /** How often it had happened when this thread got its task. */
  readonly before: number;
  /** Whether its worker says in which step it is. */
  readonly enters: boolean;
}

/** Whoever comes to them, of all workers. */
const lastWorkersPlaces: ReadonlySet<string> = new Set(["commit", "release", "copy"]);

/** What its worker comes to only with a slice of the reduction; to the others, with a part of the minibatch. */
const placesOfSlices: ReadonlySet<string> = new Set(["reduce", "update"]);

/** For the task that this thread has. */
let armed: Armed | undefined;
const { add, store, load, notify, wait, compareExchange } = Atomics;

/** From now on the fault happens in this thread, when its worker comes to its place and step. */
export function arm(fault: InjectedFault<string>, worker: number, control: Int32Array, enters = false): void {
  armed = { fault, worker, control, before: 0, enters };
  armed = { ...armed, before: happenedBefore() };
}

function isControl(array: unknown): boolean {
  return armed !== undefined && ArrayBuffer.isView(array) && array.buffer === armed.control.buffer;
}

/** Which word of those that lie there for a part and a slice: the claim, what is done of it, the claim of the slice. */
const placeWords = ["claim", "done", "slice"] as const;

function wordAt(index: number): (typeof placeWords)[number] | undefined {
  const distance = placeWord(1) - placeWord(0);
  const behind = index - placeWord(0);
  return behind < 0 || behind >= places * distance ? undefined : placeWords[behind % distance];
}

/**
 * Another worker is to go wrong in this step, and would not if this one took what is needed for that: whoever is free takes
 * what there is.
 */
function isKeptFor(index: number): boolean {
  const { fault, worker } = armed!;
  const place = fault.place ?? "gradient";
  if (worker === fault.worker || lastWorkersPlaces.has(place) || fault.kind === "slow") return false;
  const word = wordAt(index);
  if (word === undefined) return false;
  // It is to come at the next step to fresh threads: the others do not go on without the one that it has come to.
  if (fault.advancing === true && happenedBefore() > armed!.before) return true;
  if ((word === "slice") !== placesOfSlices.has(place)) return false;
  return place !== "evaluate" && isStepOf(place) && happenedBefore() < (fault.times ?? Infinity);
}

// The words by which workers share out a step: it goes wrong between two of their instructions.
Object.assign(Atomics, {
  add(array: Int32Array, index: number, value: number): number {
    if (index === words.chunk && isControl(array)) leaveChunk();
    const before = add(array, index, value);
    if (index === words.arrivals && isControl(array)) at("barrier");
    return before;
  },
  compareExchange(array: Int32Array, index: number, expected: number, value: number): number {
    if (!isControl(array)) return compareExchange(array, index, expected, value);
    // As if somebody had been quicker.
    if (isKeptFor(index)) return ~expected;
    const before = compareExchange(array, index, expected, value);
    if (before === expected && wordAt(index) === "done") at("publish");
    return before;
  },
  store(array: Int32Array, index: number, value: number): number {
    if (index !== words.committed || !isControl(array)) return store(array, index, value);
    at("commit");
    const due = isDue("release");
    store(array, index, value);
    if (due) happen();
    return value;
  },
});

/** @param milliseconds to sleep. Default: for ever */
export function stall(milliseconds?: number): void {
  wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Is this the worker, the step and the place, and has it not happened often enough? */
export function isDue(place: string): boolean {
  if (armed === undefined) return false;
  const { fault, worker } = armed;
  if ((fault.place ?? "gradient") !== place) return false;
  if (!lastWorkersPlaces.has(place) && fault.worker !== worker) return false;
  return happenedBefore() < (fault.times ?? Infinity) && isStepOf(place) && isOwnStep(place);
}

/** One that others went on without is not in the step that they are in. */
function isOwnStep(place: string): boolean {
  const { worker, control, enters } = armed!;
  if (!enters || place === "evaluate" || lastWorkersPlaces.has(place)) return true;
  return load(control, stepOf(worker)) === load(control, words.committed);
}

function happenedBefore(): number {
  const { shared } = armed!.fault;
  return shared === undefined ? 0 : load(shared, 0);
}

function isStepOf(place: string): boolean {
  const { fault, control } = armed!;
  const step = fault.step + (fault.advancing === true ? happenedBefore() : 0);
  // A copy is made before the step counts.
  const whole = load(control, words.committed) + (place === "copy" ? 1 : 0);
  return place === "evaluate" || whole === (step | 0);
}

/** Waits until the worker that is to go wrong in an evaluation has had its chance: a few chunks are taken in no time. */
function leaveChunk(): void {
  const { fault, worker } = armed!;
  if (fault.place !== "evaluate" || fault.worker === worker) return;
  const started = performance.now();
  while (happenedBefore() < (fault.times ?? Infinity) && performance.now() - started < 2000) {
    if (load(armed!.control, words.abort) !== 0) return;
    stall(5);
  }
}

/**
 * @param out a gradient that may be spoilt
 * @param loss where the loss stands behind it
 */
export function at(place: string, out?: Float32Array, loss?: number): void {
  if (isDue(place)) happen(out, loss);
}

function happen(out?: Float32Array, loss?: number): void {
  const { kind, shared } = armed!.fault;
  if (shared !== undefined) add(shared, 0, 1);
  switch (kind) {
    case "throw":
      throw new Error("injected");
    case "exit":
      process.exit(3);
      break;
    case "allocate": {
      const kept: unknown[] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }).fill(0));
    }
    // falls through
    case "terminate":
      store(shared!, 1, threadId);
      notify(shared!, 1);
      stall();
      break;
    case "stall":
      stall();
      break;
    case "spin":
      for (let forever = 1; forever !== 0; forever = (forever + 1) % 1000 || 1);
      break;
    case "nan":
      out![loss!] = Number.NaN;
      break;
    case "infiniteGradient":
      out![0] = Number.POSITIVE_INFINITY;
      break;
    case "slow":
      break;
  }
}
