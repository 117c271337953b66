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
      t.true([...compute, ...reduce, ...wait].every((milliseconds) => milliseconds > 0));
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

test.serial("a worker that sleeps 20 ms in each step computes, and the other one waits for it", async (t) => {
  const module = import.meta.resolve("../../test/inject_faults.ts");
  const slow = createTrainer({ replicaWrapper: { module, data: { kind: "slow", worker: 1, step: -1 } } });
  const { history } = await slow(smallNetwork(), bands(64 * steps), { workers: 2, timings: true });
  const [quick, sleepy] = history[0].timings ?? [];
  t.true(sleepy.compute.every((milliseconds) => milliseconds >= 19));
  // The second step and those that follow begin when the quick one has done its first, and it ends after them.
  const all = total([...quick.compute, ...quick.reduce, ...quick.wait]);
  t.true(all + 0.01 >= total(sleepy.compute.slice(1)));
});

test.serial("timings change no bit, and are not there unless they are wanted", async (t) => {
  const data = bands(128);
  const [timed, plain] = [await fit(smallNetwork(), data, { timings: true }), await fit(smallNetwork(), data)];
  t.is(timed.weightsSha256, plain.weightsSha256);
  t.false("timings" in plain.history[0]);
});
