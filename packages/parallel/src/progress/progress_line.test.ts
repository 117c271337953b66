import test from "ava";
import { progressLine, type Progress } from "./progress_line.ts";

const progress: Progress = {
  epoch: 3,
  epochs: 10,
  step: 469,
  steps: 938,
  perSecond: 24_310,
  unit: "images",
  // Seven epochs and a half take 18.46 s.
  count: (24_310 * 18.46) / 7.5,
  loss: 0.2314,
  accuracy: 0.9312,
};
const line = (columns: number, changes: Partial<Progress> = {}) =>
  progressLine({ ...progress, ...changes }, columns, 1);

test("shows everything on a wide terminal, with a bar of 40 at most", (t) => {
  t.is(
    line(160),
    "epoch  3/10  ━━━━━━━━━━━━━━━━━━━━────────────────────   50 %  24,310 images/s  loss 0.231  acc 93.1 %  18.5 s left",
  );
});

test("leaves out what is missed least as the terminal gets narrower", (t) => {
  t.is(
    line(120),
    "epoch  3/10  ━━━━━━━━━━━━━━━━━━━━────────────────────   50 %  24,310 images/s  loss 0.231  acc 93.1 %  18.5 s left",
  );
  t.is(line(78), "epoch  3/10  ━━━━━─────  24,310 images/s  loss 0.231  acc 93.1 %  18.5 s left");
  t.is(line(68), "epoch  3/10  ━━━━━━──────  24,310 images/s  loss 0.231  18.5 s left");
  t.is(line(58), "epoch  3/10  ━━━━━━━━━╸─────────  loss 0.231  18.5 s left");
  t.is(line(38), "epoch  3/10  ━━━━━╸─────  18.5 s left");
  t.is(line(28), "epoch  3/10  ━━━━━━━───────");
  t.is(line(18), "epoch  3/10");
  t.is(line(6), "epoch");
  t.is(line(1), "");
});

test("never reaches the last column, where some terminals wrap", (t) => {
  for (let columns = 1; columns < 200; columns++) t.true(line(columns).length <= Math.max(columns - 1, 0));
});

test("keeps its layout as the numbers change", (t) => {
  const early = line(100, { step: 1, perSecond: 3900, loss: 2.25, accuracy: 0.098 });
  t.is(early.indexOf("left"), line(100).indexOf("left"));
  t.is(early.indexOf("loss"), line(100).indexOf("loss"));
});

test("says that it starts while no speed is known", (t) => {
  t.is(line(80, { perSecond: 0 }), "epoch  3/10  starting …");
});

test("colors the bar where there are colors", (t) => {
  t.true(progressLine(progress, 78, 8).includes("\u001b[32m━━━━━\u001b[90m─────\u001b[0m"));
});
