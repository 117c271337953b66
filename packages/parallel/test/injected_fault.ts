import process from "node:process";
import { threadId } from "node:worker_threads";
import { words } from "../src/control/words.ts";

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
}

/** Whoever comes to them, of all workers. */
const lastWorkersPlaces: ReadonlySet<string> = new Set(["commit", "release", "copy"]);

/** For the task that this thread has. */
let armed: Armed | undefined;
const { add, store, load, notify, wait } = Atomics;

/** From now on the fault happens in this thread, when its worker comes to its place and step. */
export function arm(fault: InjectedFault<string>, worker: number, control: Int32Array): void {
  armed = { fault, worker, control };
}

function isControl(array: unknown): boolean {
  return armed !== undefined && ArrayBuffer.isView(array) && array.buffer === armed.control.buffer;
}

// The barrier's own words: it goes wrong between two of its instructions.
Object.assign(Atomics, {
  add(array: Int32Array, index: number, value: number): number {
    const before = add(array, index, value);
    if (index === words.arrivals && isControl(array)) at("barrier");
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
  const { fault, worker, control } = armed;
  if ((fault.place ?? "gradient") !== place) return false;
  if (!lastWorkersPlaces.has(place) && fault.worker !== worker) return false;
  const { step, times = Infinity, advancing = false, shared } = fault;
  const before = shared === undefined ? 0 : load(shared, 0);
  if (before >= times) return false;
  return place === "evaluate" || load(control, words.committed) === ((step + (advancing ? before : 0)) | 0);
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
