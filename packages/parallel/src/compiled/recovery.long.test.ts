import test from "ava";
import { compiledSurvives, type OptimizerName } from "../../test/disturbed_compiled_training.ts";
import type { CompiledFaultPlace } from "../../test/inject_compiled_faults.ts";
import type { FaultKind } from "../../test/injected_fault.ts";
import { tensorflow } from "../../test/tensorflow.ts";

test.before(async () => {
  await tensorflow();
});

const kinds: readonly FaultKind[] = ["throw", "exit", "terminate", "allocate", "spin", "stall"];
const places: readonly CompiledFaultPlace[] = [
  "forward",
  "gradient",
  "barrier",
  "reduce",
  "update",
  "weights",
  "state",
  "commit",
  "release",
  "evaluate",
];

/** First and last ones of both epochs, and some between. */
const steps = [0, 2, 4, 5, 7, 9];

/** Each meets all places and kinds somewhere. */
const optimizers: readonly OptimizerName[] = ["adam", "rmsprop", "momentum", "adamax", "adadelta", "adagrad", "sgd"];

for (const [k, kind] of kinds.entries()) {
  for (const [p, place] of places.entries()) {
    for (const workers of [2, 3, 4]) {
      const turn = k + p + workers;
      const optimizer = optimizers[turn % optimizers.length];
      const step = steps[turn % steps.length];
      test.serial(`${kind}, ${place}, ${workers} workers, ${optimizer}: the bits of the undisturbed run`, async (t) => {
        await compiledSurvives(t, { kind, place, worker: turn % workers, step }, optimizer, workers);
      });
    }
  }
}
