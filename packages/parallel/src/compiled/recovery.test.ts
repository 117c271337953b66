import test from "ava";
import { compiledSurvives } from "../../test/disturbed_compiled_training.ts";
import { tensorflow } from "../../test/tensorflow.ts";

test.before(async () => {
  await tensorflow();
});

test.serial("a worker that exits with half of the optimizer's state published leaves no mixture behind", async (t) => {
  await compiledSurvives(t, { kind: "exit", place: "state", worker: 0, step: 7 }, "adam", 2);
});

test.serial("a worker that runs out of memory with half of the weights published is replaced", async (t) => {
  await compiledSurvives(t, { kind: "allocate", place: "weights", worker: 1, step: 4 }, "adam", 2);
});

test.serial("a worker that fails in a validation is replaced, and the validation done again", async (t) => {
  await compiledSurvives(t, { kind: "throw", place: "evaluate", worker: 1, step: 0 }, "adam", 2);
});
