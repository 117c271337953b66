import process from "node:process";
import { threadId } from "node:worker_threads";
import type { MinibatchPart, Replica, SharedKernels } from "@convoy/core";
import { words } from "../src/control/words.ts";
import type { ReplicaWrapper, Session } from "../src/worker/session.ts";

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

/**
 * Where in a step. `gather`: between two images; `forward`: after the forward pass; `gradient`: after the worker's first
 * gradient; `barrier`: after the arrival was counted; `reduce`: in the middle of the first addition; `update`: in the
 * middle of the optimizer's pass over the slice. Of the last worker to arrive, whichever it is: `commit`, before the step
 * is counted, `release`, after that and before the others go on, and `copy`, when a copy of the run is half made.
 */
export type FaultPlace =
  | "gather"
  | "forward"
  | "gradient"
  | "barrier"
  | "reduce"
  | "update"
  | "commit"
  | "release"
  | "copy"
  | "evaluate";

export interface Fault {
  readonly kind: FaultKind;
  /** Default: gradient */
  readonly place?: FaultPlace;
  readonly worker: number;
  /** Optimizer step, from 0; for `copy`, how many are whole; of no meaning in an evaluation. */
  readonly step: number;
  /** How often it happens in all threads together. Default: always */
  readonly times?: number;
  /** Whether each time is one step later. Default: false */
  readonly advancing?: boolean;
  /** Two shared words: how often it has happened, and which thread is to be ended. */
  readonly shared?: Int32Array;
}

interface Armed {
  readonly fault: Fault;
  readonly worker: number;
  readonly session: Session;
}

const lastWorkersPlaces: ReadonlySet<FaultPlace> = new Set(["commit", "release", "copy"]);

/** The task that this thread has. */
let armed: Armed | undefined;
const { add, store, load, notify, wait } = Atomics;
const originals = new WeakMap<Session, SharedKernels>();

/** Makes one worker go wrong at one place. Loaded by the thread itself: nothing about the fault is pretended. */
const injectFaults: ReplicaWrapper = (session, worker, data) => {
  // The test that posts it is typed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const fault = data as Fault;
  armed = { fault, worker, session };
  const kernels = originals.get(session) ?? session.kernels;
  originals.set(session, kernels);
  Object.assign(session, { kernels: faultyKernels(kernels) });
  return fault.worker === worker ? faultyReplica(session.replica, fault) : session.replica;
};

export default injectFaults;

function faultyReplica(replica: Replica, fault: Fault): Replica {
  return {
    parameterCount: replica.parameterCount,
    classes: replica.classes,
    capacity: replica.capacity,
    load: (parameters) => replica.load(parameters),
    gradient(part, out) {
      if (fault.kind === "slow") wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      replica.gradient(faultyPart(part), out);
      at("gradient", out, replica);
    },
    predict(images, start, count, out) {
      replica.predict(images, start, count, out);
      at("evaluate");
    },
    dispose: () => replica.dispose(),
  };
}

/** The replica reads `order` for each image as it gathers, and `minibatchSize` for the loss, after the forward pass. */
function faultyPart(part: MinibatchPart): MinibatchPart {
  let gathered = 0;
  const order = new Proxy(part.order, {
    get(target, key) {
      if (gathered++ === 1) at("gather");
      const value: unknown = Reflect.get(target, key, target);
      return value;
    },
  });
  return {
    ...part,
    order,
    get minibatchSize() {
      at("forward");
      return part.minibatchSize;
    },
  };
}

function faultyKernels(kernels: SharedKernels): SharedKernels {
  return {
    finite: (p, count) => kernels.finite(p, count),
    add(target, source, count) {
      if (!isDue("reduce")) return kernels.add(target, source, count);
      kernels.add(target, source, count >> 1);
      at("reduce");
    },
    sgd(...[gradient, parameters, velocity, nextParameters, nextVelocity, count, ...rest]) {
      const half = isDue("update") ? count >> 1 : count;
      const finite = kernels.sgd(gradient, parameters, velocity, nextParameters, nextVelocity, half, ...rest);
      at("update");
      return finite;
    },
    adam(...[gradient, parameters, m, v, nextParameters, nextM, nextV, count, ...rest]) {
      const half = isDue("update") ? count >> 1 : count;
      const finite = kernels.adam(gradient, parameters, m, v, nextParameters, nextM, nextV, half, ...rest);
      at("update");
      return finite;
    },
  };
}

function isControl(array: unknown): boolean {
  return armed !== undefined && ArrayBuffer.isView(array) && array.buffer === armed.session.control.buffer;
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

const typedArrays: Float32Array = Object.getPrototypeOf(Float32Array.prototype);
// It is called on the array that it was called on.
// oxlint-disable-next-line typescript/unbound-method
const { set } = typedArrays;
Object.assign(typedArrays, {
  set(this: Float32Array, ...args: Parameters<typeof set>): void {
    set.apply(this, args);
    // Not by the buffer: each task brings another object for the same memory.
    if (this.buffer instanceof SharedArrayBuffer && this.byteOffset === armed?.session.run.layout.snapshot[0])
      at("copy");
  },
});

function stall(): void {
  wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Is this the worker, the step and the place, and has it not happened often enough? */
function isDue(place: FaultPlace): boolean {
  if (armed === undefined) return false;
  const { fault, worker, session } = armed;
  if ((fault.place ?? "gradient") !== place) return false;
  if (!lastWorkersPlaces.has(place) && fault.worker !== worker) return false;
  const { step, times = Infinity, advancing = false, shared } = fault;
  const before = shared === undefined ? 0 : load(shared, 0);
  if (before >= times) return false;
  return place === "evaluate" || load(session.control, words.committed) === step + (advancing ? before : 0);
}

function at(place: FaultPlace, out?: Float32Array, replica?: Replica): void {
  if (isDue(place)) happen(out, replica);
}

function happen(out?: Float32Array, replica?: Replica): void {
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
      out![replica!.parameterCount] = Number.NaN;
      break;
    case "infiniteGradient":
      out![0] = Number.POSITIVE_INFINITY;
      break;
    case "slow":
      break;
  }
}
