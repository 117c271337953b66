import test from "ava";
import { compiledSurvives } from "../../test/disturbed_compiled_training.ts";
import { tensorflow } from "../../test/tensorflow.ts";

test.before(async () => {
  await tensorflow();
});

test.serial("a worker that throws before its gradient is replaced: the same bits", async (t) => {
  await compiledSurvives(t, { kind: "throw", place: "forward", worker: 1, step: 0 }, "adam", 2);
});

test.serial("a worker that exits with half of the optimizer's state published leaves no mixture behind", async (t) => {
  await compiledSurvives(t, { kind: "exit", place: "state", worker: 0, step: 7 }, "adam", 3);
});

test.serial("a worker that runs out of memory with half of the weights published is replaced", async (t) => {
  await compiledSurvives(t, { kind: "allocate", place: "weights", worker: 1, step: 4 }, "adamax", 2);
});

test.serial("a worker that is terminated between count and release of a step costs nothing of it", async (t) => {
  await compiledSurvives(t, { kind: "terminate", place: "release", worker: 0, step: 5 }, "adamax", 2);
});

test.serial("a worker that stalls after it was counted at the barrier is replaced, and so is the count", async (t) => {
  await compiledSurvives(t, { kind: "stall", place: "barrier", worker: 0, step: 8 }, "adam", 2);
});

test.serial("a worker that fails in a validation is replaced, and the validation done again", async (t) => {
  await compiledSurvives(t, { kind: "throw", place: "evaluate", worker: 1, step: 0 }, "adam", 2);
});
