import test from "ava";
import { CollectedOutput } from "../../test/collected_output.ts";
import { Screen } from "../../test/screen.ts";
import type { LayersFitEvent } from "../compiled/events.ts";
import type { FitEvent, StartEvent } from "../fit/events.ts";
import { EpochDisplay } from "./epoch_display.ts";

const start: StartEvent = {
  event: "start",
  parameters: 102_130,
  workers: 4,
  requestedWorkers: 4,
  shards: 4,
  batchSize: 64,
  epochs: 10,
  steps: 938,
  images: 60_000,
  seed: 1,
  optimizer: { kind: "sgd", learningRate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
};
const counts = { correct: 98, total: 100 };

/** What is wide is as wide as it gets. */
function epoch(number: number, ...more: readonly ("validation" | "test")[]): FitEvent[] {
  const progress = { step: 500, steps: 938, imagesPerSecond: 1_234_567, loss: 123.456, trainAccuracy: 1 };
  const seconds = { imagesPerSecond: 123_456, seconds: 35_999 };
  const [validation, tested] = [
    { validationAccuracy: 1, validationLoss: 0.25, ...counts },
    { testAccuracy: 0.98, testLoss: 123.456, ...counts },
  ];
  return [
    { event: "progress", epoch: number, ...progress },
    { event: "step", epoch: number, step: 100, loss: 2.5 },
    { event: "epoch", epoch: number, loss: 1234.5, trainAccuracy: 1, ...seconds },
    ...(more.includes("validation")
      ? [{ event: "validation", epoch: number, ...validation, best: true } as const]
      : []),
    ...(more.includes("test") ? [{ event: "evaluation", epoch: number, ...tested } as const] : []),
  ];
}

/** The rows of a run of two epochs of ten, with the bar of the third. */
async function rows(columns: number, ...more: readonly ("validation" | "test")[]): Promise<string[]> {
  const screen = new Screen(columns);
  const display = new EpochDisplay(screen, true);
  display.tell({
    ...start,
    ...(more.includes("validation") ? { validationImages: 100 } : {}),
    ...(more.includes("test") ? { testImages: 100 } : {}),
  });
  for (const event of [...epoch(1, ...more), ...epoch(2, ...more)]) display.tell(event);
  return screen.rows();
}

test("fits 80 columns with validation and test, the widest numbers, and the head above", async (t) => {
  const [bar, ...above] = (await rows(80, "validation", "test")).toReversed();
  t.deepEqual(above.toReversed(), [
    "epoch     loss     train  validation      test  images/s     time",
    " 1/10   1.2e+3  100.00 %    100.00 %   98.00 %   123,456  9:59:59",
    " 2/10   1.2e+3  100.00 %    100.00 %   98.00 %   123,456  9:59:59",
  ]);
  t.regex(bar, /^epoch {2}3\/10 {2}─+ .* left$/);
});

for (const [columns, expected] of [
  [40, "epoch     loss  validation      test"],
  [60, "epoch     loss     train  validation      test     time"],
  [80, "epoch     loss     train  validation      test  images/s     time"],
  [120, "epoch     loss     train  validation loss  validation  test loss      test  images/s     time"],
] as const) {
  test(`at ${columns} columns the head has what fits, and no row is wrapped`, async (t) => {
    const [head, ...others] = await rows(columns, "validation", "test");
    t.is(head, expected);
    t.is(others.length, 3);
    t.true(others.every((row) => row.length <= columns));
    t.is(others[0].length, head.length);
  });
}

for (const columns of [1, 5, 12, 20, 33]) {
  test(`a window of ${columns} columns still has the number of the epoch`, async (t) => {
    const [head] = await rows(columns, "validation", "test");
    t.true(head.startsWith("epoch".slice(0, columns)));
  });
}

for (const [more, expected] of [
  [[], "epoch     loss     train  images/s     time"],
  [["validation"], "epoch     loss     train  validation loss  validation  images/s     time"],
  [["test"], "epoch     loss     train  test loss      test  images/s     time"],
] as const) {
  test(`has the columns of what it is evaluated on: ${more.join()}`, async (t) => {
    const [head, first] = await rows(80, ...more);
    t.is(head, expected);
    t.regex(first, /^ 1\/10 /);
  });
}

test("the head is drawn again where the window got another width", async (t) => {
  const screen = new Screen(80);
  const display = new EpochDisplay(screen, true);
  display.tell({ ...start, testImages: 100 });
  for (const event of epoch(1, "test")) display.tell(event);
  for (const event of epoch(2, "test")) display.tell(event);
  await screen.resize(44);
  for (const event of epoch(3, "test")) display.tell(event);
  display.close();
  const heads = (await screen.rows()).filter((row) => row.startsWith("epoch"));
  t.is(heads.length, 2);
  t.is(heads[1], "epoch     loss     train      test     time");
});

test("where there is no terminal each epoch is one line that is understood by itself, without any control", (t) => {
  const output = new CollectedOutput();
  const display = new EpochDisplay(output, true);
  display.tell({ ...start, validationImages: 100, testImages: 100 });
  for (const event of epoch(1, "validation", "test")) display.tell(event);
  display.close();
  t.deepEqual(output.lines, [
    "[1,   100] loss: 2.500",
    "epoch  1/10  loss 1.2e+3  train 100.00 %  validation 100.00 %  test 98.00 %  123,456 images/s  9:59:59",
  ]);
});

test("a resumed run begins with the bar of its epoch", async (t) => {
  const screen = new Screen(80);
  new EpochDisplay(screen, true).tell({ ...start, resumedFrom: { epoch: 3, step: 2900 } });
  t.deepEqual(await screen.rows(), ["epoch  4/10  starting …"]);
});

test("a fault that fresh threads mend is told, and one that ends the run is left to its error", async (t) => {
  const screen = new Screen(80);
  const display = new EpochDisplay(screen, true);
  display.tell(start);
  const fault = { event: "fault", code: "WORKER_FAILED", message: "WORKER_FAILED: …" } as const;
  display.tell({ ...fault, restart: 1 });
  display.tell(fault);
  display.close();
  t.deepEqual(await screen.rows(), ["WORKER_FAILED: …"]);
});

test("a compiled model has the columns of its loss and metrics, by their own names", async (t) => {
  const screen = new Screen(80);
  const display = new EpochDisplay(screen, true);
  const { images, optimizer: _, ...common } = start;
  display.tell({ ...common, samples: images, optimizer: "Adam" });
  const logs = { loss: 0.5, acc: 0.75, val_loss: 0.625, val_acc: 0.5 };
  const events: LayersFitEvent[] = [
    { event: "progress", epoch: 1, step: 469, steps: 938, samplesPerSecond: 6000, logs: { loss: 0.75, acc: 0.5 } },
    { event: "epoch", epoch: 1, samplesPerSecond: 6000, seconds: 10, logs },
  ];
  display.tell(events[0]);
  const [bar] = await screen.rows();
  t.regex(bar, /^epoch {2}1\/10 .* 6,000 samples\/s {2}loss 0\.750 {2}acc 50\.0 % {4}1:35 left$/);
  display.tell(events[1]);
  display.close();
  t.deepEqual(await screen.rows(), [
    "epoch     loss      acc  val_loss  val_acc  samples/s     time",
    " 1/10    0.500    0.750     0.625    0.500      6,000   10.0 s",
  ]);
});

test("tells once that other programs use the machine, below the epoch that showed it", async (t) => {
  const screen = new Screen(200);
  const display = new EpochDisplay(screen, true);
  display.tell(start);
  const busy = [
    { parts: 60, takenOver: 9, coreShare: 0.9 },
    { parts: 40, takenOver: 0, coreShare: 0.5 },
  ];
  for (const number of [1, 2, 3]) {
    const usage = number === 1 ? [] : busy;
    display.tell({ event: "epoch", epoch: number, loss: 1, trainAccuracy: 1, imagesPerSecond: 1, seconds: 1, usage });
  }
  display.close();
  const shown = await screen.rows();
  t.is(shown.length, 5);
  t.regex(shown[3], /^Other programs use this machine too: the workers got 90 % and 50 % of a core/);
});
