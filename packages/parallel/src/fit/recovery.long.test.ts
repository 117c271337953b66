import { adam, sgd } from "@convoy/core";
import test from "ava";
import { survives } from "../../test/disturbed_training.ts";
import type { FaultPlace } from "../../test/inject_faults.ts";
import type { FaultKind } from "../../test/injected_fault.ts";

const kinds: readonly FaultKind[] = ["throw", "exit", "terminate", "allocate", "spin", "stall"];
const places: readonly FaultPlace[] = [
  "gather",
  "forward",
  "gradient",
  "publish",
  "barrier",
  "reduce",
  "update",
  "commit",
  "release",
  "evaluate",
];

/** First and last ones of both epochs, and some between. */
const steps = [0, 4, 9, 10, 13, 19];

// Each place meets both optimizers with each number of workers, in the hands of one kind or another.
const optimizers = [sgd({ learningRate: 0.01, momentum: 0.9 }), adam()];

for (const [k, kind] of kinds.entries()) {
  for (const [p, place] of places.entries()) {
    for (const workers of [2, 3, 4]) {
      const turn = k + p + workers;
      const optimizer = optimizers[turn % 2];
      const step = steps[turn % steps.length];
      test.serial(
        `${kind}, ${place}, ${workers} workers, ${optimizer.kind}: the bits of the undisturbed run`,
        async (t) => {
          await survives(t, { kind, place, worker: turn % workers, step }, optimizer, workers);
        },
      );
    }
  }
}
