import test from "ava";
import { controlBytes, heartbeat, words } from "../control/words.ts";
import { Watch } from "./watch.ts";

/** A watch whose time is only the ticks that the test gives it. */
function watchByHand(workers: number): { control: Int32Array; watch: Watch; hung: [number, number][] } {
  const control = new Int32Array(new SharedArrayBuffer(controlBytes(workers)));
  const hung: [number, number][] = [];
  const watch = new Watch(
    control,
    workers,
    () => {},
    (worker, milliseconds) => hung.push([worker, milliseconds]),
  );
  watch.stop();
  return { control, watch, hung };
}

test("a heartbeat that stands still for 8 seconds of ticks is a hang, told once", (t) => {
  const { control, watch, hung } = watchByHand(2);
  watch.begin(false);
  for (let tick = 1; tick <= 79; tick++) {
    control[heartbeat(0)]++;
    watch.tick(100);
  }
  t.deepEqual(hung, []);
  for (let tick = 0; tick < 50; tick++) {
    control[heartbeat(0)]++;
    watch.tick(100);
  }
  t.deepEqual(hung, [[1, 8000]]);
});

test("a worker whose task has ended need not beat", (t) => {
  const { watch, hung } = watchByHand(1);
  watch.begin(false);
  watch.end(0);
  for (let tick = 0; tick < 200; tick++) watch.tick(100);
  t.deepEqual(hung, []);
});

test("the first task has a minute", (t) => {
  const { watch, hung } = watchByHand(1);
  watch.begin(true);
  for (let tick = 0; tick < 599; tick++) watch.tick(100);
  t.deepEqual(hung, []);
  watch.tick(100);
  t.deepEqual(hung, [[0, 60_000]]);
});

test("where a step takes a second, 20 seconds are not a hang but more are", (t) => {
  const { control, watch, hung } = watchByHand(1);
  watch.begin(false);
  for (let tick = 0; tick < 10; tick++) watch.tick(100);
  // The step was seen one tick later: 11 ticks, and a limit of 22 seconds.
  control[heartbeat(0)]++;
  control[words.committed]++;
  watch.tick(100);
  for (let tick = 0; tick < 219; tick++) watch.tick(100);
  t.deepEqual(hung, []);
  watch.tick(100);
  t.deepEqual(hung, [[0, 22_000]]);
});

test("a gradient timed at the start counts as a step", (t) => {
  const { watch, hung } = watchByHand(1);
  watch.took(1000);
  watch.begin(false);
  for (let tick = 0; tick < 199; tick++) watch.tick(100);
  t.deepEqual(hung, []);
  watch.tick(100);
  t.is(hung.length, 1);
});

test("where a clock jumps by an hour while a gradient is timed at the start, a hang is found as soon as otherwise", (t) => {
  const { watch, hung } = watchByHand(1);
  watch.begin(true);
  for (let tick = 0; tick < 3; tick++) watch.tick(100);
  watch.timed(3_600_000, 2);
  watch.begin(false);
  // Half a second for each of two parts: 300 ms were counted, and the end of a look may be missing.
  for (let tick = 0; tick < 199; tick++) watch.tick(100);
  t.deepEqual(hung, []);
  watch.tick(100);
  t.deepEqual(hung, [[0, 20_000]]);
});

test("a gradient that was timed right counts with as much, for each of its parts", (t) => {
  const { watch, hung } = watchByHand(1);
  watch.begin(true);
  for (let tick = 0; tick < 10; tick++) watch.tick(100);
  watch.timed(500, 3);
  watch.begin(false);
  for (let tick = 0; tick < 299; tick++) watch.tick(100);
  t.deepEqual(hung, []);
  watch.tick(100);
  t.deepEqual(hung, [[0, 30_000]]);
});
