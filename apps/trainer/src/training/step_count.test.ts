import test from "ava";
import { events, start } from "../../test/sample_run.ts";
import { StepCount } from "./step_count.ts";

test("has not started before the first event", (t) => {
  t.false(new StepCount().started);
});

test("knows the whole steps before a fault in the second epoch", (t) => {
  const count = new StepCount();
  for (const event of events.slice(0, 6)) count.note(event);
  count.note({ event: "fault", code: "NONFINITE_LOSS", message: "", epoch: 2, step: 51 });
  t.true(count.started);
  t.is(count.epochs, 1);
  t.is(count.steps, 250);
});

test("counts all steps of an epoch in whose evaluation a fault comes", (t) => {
  const count = new StepCount();
  for (const event of events.slice(0, 5)) count.note(event);
  count.note({ event: "fault", code: "WORKER_EXITED", message: "", phase: "evaluate", worker: 1, epoch: 1, step: 200 });
  t.is(count.epochs, 1);
  t.is(count.steps, 200);
});

test("knows the steps before the last fault, when threads were replaced after others", (t) => {
  const count = new StepCount();
  const fault = { event: "fault", code: "WORKER_EXITED", message: "", phase: "train", worker: 0 } as const;
  for (const event of events.slice(0, 3)) count.note(event);
  count.note({ ...fault, epoch: 1, step: 121, restart: 1 });
  for (const event of events.slice(3, 6)) count.note(event);
  count.note({ ...fault, epoch: 2, step: 31 });
  t.is(count.epochs, 1);
  t.is(count.steps, 230);
});

test("counts no step of a run whose threads never started", (t) => {
  const count = new StepCount();
  count.note(start);
  count.note({ event: "fault", code: "WORKER_START_FAILED", message: "", worker: 0, epoch: 0, step: 200 });
  t.is(count.steps, 0);
});
