import { describePlan, networks } from "@convoy/core";
import test from "ava";
import { Laps } from "./laps.ts";
import { lapName, otherParts } from "./layers_run.ts";
import { profileOf, workerProfiles } from "./profile.ts";
import { profileLines } from "./profile_lines.ts";

const model = networks["lenet5"]().toJSON();
const batchSize = 10;
const shared = { dataset: "mnist", model: "lenet5", kernels: "wide", batchSize, shards: 2 };
const settings = { ...shared, steps: 6, countedSteps: 4 };

/** A step of 1 ms, 100 µs an image: half of it the first forward pass, a tenth its weight gradient. */
function laps(): Laps {
  const made = new Laps(1, 0, otherParts.step);
  made.add(lapName("conv2d_1", "forward"), 0.5);
  made.add(lapName("conv2d_1", "backwardWeights"), 0.1);
  made.add(lapName("averagePool2d_1", "backwardInput"), 0.2);
  made.add(otherParts.optimizer, 0.05);
  made.add(otherParts.step, 1);
  made.endStep();
  return made;
}

test("gives each phase its time of an image, its share, its rates, and its part of a bare product's", (t) => {
  const profile = profileOf(model, "wide", { batchSize, laps: laps(), productGigaflops: 20, workers: [] });
  t.is(profile.microseconds, 100);
  const [plan] = describePlan(model, "wide");
  const [forward, , weights] = profile.layers;
  t.like(forward, {
    layers: ["conv2d_1"],
    phase: "forward",
    microseconds: 50,
    share: 0.5,
    expectedMicroseconds: plan.microseconds,
  });
  // 28 rows of 28 windows, which take 32 lanes, of 25 pixels and 6 filters.
  t.is(forward.flops, 2 * 784 * 25 * 6);
  t.is(forward.gigaflops, (2 * 784 * 25 * 6) / 50_000);
  t.is(forward.executedGigaflops, (2 * 28 * 32 * 25 * 6) / 50_000);
  t.is(forward.ofProduct, (2 * 28 * 32 * 25 * 6) / 50_000 / 20);
  t.like(weights, { phase: "weight gradient", microseconds: 10, share: 0.1 });
  const pool = profile.layers.find(
    ({ layers, phase }) => layers[0] === "averagePool2d_1" && phase === "input gradient",
  );
  t.like(pool, { algorithm: "pool", microseconds: 20, gigaflops: undefined, ofProduct: undefined });
  t.deepEqual(profile.others.at(-1), { name: "optimizer", microseconds: 5, share: 0.05 });
});

const timings = [
  { compute: [9000, 1, 3, 2, 2], reduce: [9000, 0.5, 0.5, 0.75, 0.25], wait: [9000, 0.5, 0.5, 0.25, 0.75] },
  { compute: [9000, 2, 2, 2, 2], reduce: [9000, 0.25, 0.25, 0.25, 0.25], wait: [9000, 0, 2, 1.25, 0.75] },
];

/** Of the whole epoch: the second worker had its core to itself. */
const usage = [
  { parts: 1234, takenOver: 0, coreShare: 0.97 },
  { parts: 1266, takenOver: 7, coreShare: undefined },
];

test("takes the mean of the middle half of a worker's steps that count, phase by phase and for the whole", (t) => {
  t.deepEqual(workerProfiles(timings, usage, 1), [
    { worker: 0, step: 3000, compute: 2000, reduce: 500, wait: 500, usage: usage[0] },
    { worker: 1, step: 3250, compute: 2000, reduce: 250, wait: 1000, usage: usage[1] },
  ]);
});

test("says for people what the phases and the workers took", (t) => {
  const workers = workerProfiles(timings, usage, 1);
  const profile = profileOf(model, "wide", { batchSize, laps: laps(), productGigaflops: 20, workers });
  const lines = profileLines(profile, settings, 80)
    .slice(3)
    .map((line) => line.replaceAll(/ {2,}/g, " | "));
  t.is(lines[0], "layers | phase | algorithm | µs/image | share | GFLOP/s | executed | of bare");
  t.is(lines[1], "conv2d_1 | forward | windows | 50.00 | 50.0 % | 4.7 | 5.4 | 27 %");
  t.is(lines[2], " | input gradient | skipped | 0.00 | 0.0 % | - | - | -");
  t.true(lines.includes("optimizer | 5.00 | 5.0 %"));
  t.true(lines.includes("whole step | 100.00 | 100.0 %"));
  t.true(lines.includes("One thread: 10,000 images/s; a bare matrix product: 20.0 GFLOP/s."));
  t.true(lines.includes("1 | 3,250 | 2,000 | 61.5 % | 250 | 7.7 % | 1,000 | 30.8 % | - | 1,266 | 7"));
  // 10 images in 3250 µs, of which 2000 µs were computing.
  t.true(lines.includes("2 workers: 3,077 images/s; beyond the busiest one's compute: 38.5 %."));
});

function hundredths(line: string): number {
  return Number(/(\d+)\.(\d\d) /.exec(line)?.slice(1).join("") ?? 0);
}

test("the rows of both tables add up to what they say in all, to the last digit", (t) => {
  const uneven = new Laps(1, 0, otherParts.step);
  for (const { layers, phase } of describePlan(model, "wide")) {
    if (phase === "forward") uneven.add(lapName(layers[0], "forward"), 0.12345);
  }
  uneven.add(otherParts.pack, 0.05678);
  uneven.add(otherParts.optimizer, 0.03333);
  uneven.add(otherParts.step, 2.34567);
  uneven.endStep();
  const [first] = timings;
  const odd = { ...first, compute: first.compute.map((each) => each / 3), wait: first.wait.map((each) => each / 7) };
  const measured = { batchSize, laps: uneven, productGigaflops: 20, workers: workerProfiles([odd], usage, 1) };
  const lines = profileLines(profileOf(model, "wide", measured), settings, 80).slice(3);
  const end = lines.findIndex((line) => line.startsWith("whole step"));
  t.is(
    lines.slice(1, end).reduce((sum, line) => sum + hundredths(line), 0),
    hundredths(lines[end]),
  );
  const worker = lines.find((line) => line.startsWith("0 "))!;
  const [, step, compute, , reduce, , wait] = worker.split(/ {2,}/).map((cell) => Number(cell.replaceAll(/[,%]/g, "")));
  t.is(compute + reduce + wait, step);
});
