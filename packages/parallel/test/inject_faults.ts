import process from "node:process";
import type { Replica } from "@convoy/core";
import type { ReplicaWrapper } from "../src/worker/session.ts";

export interface Fault {
  readonly kind: "throw" | "exit" | "allocate" | "spin" | "nan" | "infiniteGradient" | "slow" | "throwInEvaluation";
  readonly worker: number;
  /** Optimizer step, from 0. */
  readonly step: number;
}

/** Makes one worker's replica go wrong at one step. Loaded by the thread itself: nothing about the fault is pretended. */
const injectFaults: ReplicaWrapper = (replica, worker, data) => {
  // The test that posts it is typed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const fault = data as Fault;
  if (fault.worker !== worker) return replica;
  return {
    parameterCount: replica.parameterCount,
    classes: replica.classes,
    capacity: replica.capacity,
    load: (parameters) => replica.load(parameters),
    gradient(part, out) {
      if (fault.kind === "slow") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      replica.gradient(part, out);
      if (part.step === fault.step) commit(fault.kind, replica, out);
    },
    predict(store, start, count, out) {
      if (fault.kind === "throwInEvaluation") throw new Error("injected");
      replica.predict(store, start, count, out);
    },
    dispose: () => replica.dispose(),
  };
};

export default injectFaults;

function commit(kind: Fault["kind"], { parameterCount }: Replica, out: Float32Array): void {
  switch (kind) {
    case "throw":
      throw new Error("injected");
    case "exit":
      process.exit(3);
      break;
    case "allocate": {
      const kept: unknown[] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
    }
    // falls through
    case "spin":
      for (let forever = 1; forever !== 0; forever = (forever + 1) % 1000 || 1);
      break;
    case "nan":
      out[parameterCount] = Number.NaN;
      break;
    case "infiniteGradient":
      out[0] = Number.POSITIVE_INFINITY;
      break;
    case "slow":
    case "throwInEvaluation":
      break;
  }
}
