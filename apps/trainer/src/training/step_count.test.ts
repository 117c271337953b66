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

test("counts no step of a run whose threads never started", (t) => {
  const count = new StepCount();
  count.note(start);
  count.note({ event: "fault", code: "WORKER_START_FAILED", message: "", worker: 0, epoch: 0, step: 200 });
  t.is(count.steps, 0);
});
