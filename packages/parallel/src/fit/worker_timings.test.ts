import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { createTrainer } from "./create_trainer.ts";
import { fit } from "./fit.ts";

const epochs = 2;
const steps = 5;

function total(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}

test.serial("says what each worker did in each step of each epoch, and nobody's time is negative", async (t) => {
  const { history } = await fit(smallNetwork(), bands(64 * steps - 10), { epochs, workers: 2, timings: true });
  t.is(history.length, epochs);
  for (const { timings } of history) {
    t.is(timings?.length, 2);
    for (const { compute, reduce, wait } of timings ?? []) {
      for (const phase of [compute, reduce, wait]) t.is(phase.length, steps);
      t.true([...compute, ...reduce, ...wait].every((milliseconds) => milliseconds >= 0));
    }
    for (let step = 0; step < steps; step++) {
      // Each was free to take what the other had not begun, so one of them may have done it all.
      for (const phase of ["compute", "reduce"] as const) t.true(timings!.some((times) => times[phase][step] > 0));
    }
  }
  t.notDeepEqual(history[0].timings, history[1].timings);
});

test.serial("the time of all workers' steps fits into the epoch", async (t) => {
  const { history } = await fit(smallNetwork(), bands(64 * steps), { workers: 3, timings: true });
  for (const { compute, reduce, wait } of history[0].timings ?? []) {
    t.true(total([...compute, ...reduce, ...wait]) <= history[0].seconds * 1000);
  }
});

test.serial("who sleeps 20 ms in each part of a step computes meanwhile", async (t) => {
  const module = import.meta.resolve("../../test/inject_faults.ts");
  const slow = createTrainer({ replicaWrapper: { module, data: { kind: "slow", worker: 0, step: -1 } } });
  const { history } = await slow(smallNetwork(), bands(64 * steps), { workers: 1, timings: true });
  const [{ compute, wait }] = history[0].timings!;
  t.true(compute.every((milliseconds) => milliseconds >= 19));
  t.true(total(wait) < total(compute));
});

test.serial("timings change no bit, and are not there unless they are wanted", async (t) => {
  const data = bands(128);
  const [timed, plain] = [await fit(smallNetwork(), data, { timings: true }), await fit(smallNetwork(), data)];
  t.is(timed.weightsSha256, plain.weightsSha256);
  t.false("timings" in plain.history[0]);
});
