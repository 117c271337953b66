import process from "node:process";
import type { PredictionWrapper } from "../src/predict/worker.ts";

export interface PredictionFault {
  readonly kind: "throw" | "exit" | "hang";
  /** Shared: calls of worker 1 so far. */
  readonly calls: Int32Array;
  /** Which call fails, from 0; the first is that of the start. */
  readonly at: number;
}

/** A replica that fails in one of worker 1's calls, and not again. */
const wrap: PredictionWrapper = (replica, worker, data) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test gives it
  const { kind, calls, at } = data as PredictionFault;
  if (worker !== 1) return replica;
  return {
    ...replica,
    classes: replica.classes,
    predict: (store, start, count, out) => {
      if (Atomics.add(calls, 0, 1) === at) fail(kind);
      replica.predict(store, start, count, out);
    },
  };
};

function fail(kind: PredictionFault["kind"]): void {
  if (kind === "throw") throw new Error("injected");
  if (kind === "exit") process.exit(3);
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

export default wrap;
