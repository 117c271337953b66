import test from "ava";
import type { KernelVariant } from "../../emit/module/linker.ts";
import { averagePool2d } from "../../../network/layers/average_pool2d.ts";
import { conv2d, type Conv2dOptions } from "../../../network/layers/conv2d.ts";
import { dense } from "../../../network/layers/dense.ts";
import { flatten } from "../../../network/layers/flatten.ts";
import type { Layer } from "../../../network/layers/layers.ts";
import { maxPool2d } from "../../../network/layers/max_pool2d.ts";
import { Sequential } from "../../../model/sequential.ts";
import { describePlan } from "../plan/describe_plan.ts";
import type { PlanRow } from "../plan/plan_row.ts";

/** A network that begins with a convolution, on images of `size` × `size`. */
function plan(
  size: number,
  inputs: number,
  options: Conv2dOptions,
  variant: KernelVariant,
  pool: Layer = averagePool2d(),
): PlanRow[] {
  const layers = [conv2d(options), pool, flatten(), dense({ units: 2 })];
  return describePlan(new Sequential({ inputShape: [size, size, inputs], layers }).toJSON(), variant);
}

const forward = (...of: Parameters<typeof plan>): PlanRow => plan(...of)[0];

const lenet = { filters: 6, kernelSize: 5, padding: "same" } as const;

test("windows fill registers: narrow ones seven times four, wide ones four times eight in a row of 28", (t) => {
  t.is(forward(28, 1, lenet, "narrow").executedFlops, 2 * 28 * 28 * 25 * 6);
  t.is(forward(28, 1, lenet, "wide").executedFlops, 2 * 28 * 32 * 25 * 6);
});

const choices: readonly [why: string, size: number, inputs: number, options: Conv2dOptions, windows: boolean][] = [
  ["six filters leave lanes idle", 28, 1, lenet, true],
  ["one filter does even more so", 28, 1, { filters: 1, kernelSize: 3 }, true],
  [
    "sixteen filters fill panels, and their outputs are where they belong",
    28,
    1,
    { filters: 16, kernelSize: 3 },
    false,
  ],
  ["windows of two channels are not side by side", 28, 2, lenet, false],
  ["nor are windows of columns two apart", 28, 1, { ...lenet, strides: [1, 2] }, false],
  ["rows may be any number apart", 28, 1, { ...lenet, strides: [3, 1] }, true],
  ["a row is too short", 8, 1, { filters: 6, kernelSize: 6 }, false],
  ["of a few weights there is nothing to gain", 28, 1, { filters: 6, kernelSize: 2 }, false],
];

for (const [why, size, inputs, options, windows] of choices) {
  test(`a first layer has ${windows ? "windows" : "channels"} in its lanes: ${why}`, (t) => {
    for (const variant of ["narrow", "wide"] as const) {
      t.is(forward(size, inputs, options, variant).algorithm, windows ? "windows" : "direct", variant);
    }
  });
}

const weightChoices: readonly [why: string, size: number, options: Conv2dOptions, windows: boolean][] = [
  ["six filters leave lanes idle", 28, lenet, true],
  ["eight filters leave none", 28, { ...lenet, filters: 8 }, false],
  ["fewer than 64 windows are summed shard by shard in tiles", 9, { filters: 1, kernelSize: 3 }, false],
  ["of a few weights there is nothing to gain", 28, { filters: 6, kernelSize: 2 }, false],
];

for (const [why, size, options, windows] of weightChoices) {
  test(`a first layer's weight gradient has ${windows ? "windows" : "channels"} in its lanes: ${why}`, (t) => {
    for (const variant of ["narrow", "wide"] as const) {
      const { algorithm } = plan(size, 1, options, variant)[2];
      t.is(algorithm, windows ? "windows" : "direct", variant);
    }
  });
}

test("so has one with its max pool, but for small filters, whose outputs are compared and brought away one by one", (t) => {
  for (const variant of ["narrow", "wide"] as const) {
    const pooled = (filters: number, kernelSize: number): PlanRow =>
      forward(28, 1, { filters, kernelSize }, variant, maxPool2d());
    t.is(pooled(10, 5).algorithm, "windows");
    t.is(pooled(10, 5).executedFlops, 2 * 24 * 24 * 25 * 10);
    t.is(pooled(16, 3).algorithm, "direct");
  }
});

test("of a row of pools, eight windows are computed together, and a last one that no pool uses is not", (t) => {
  t.is(forward(25, 1, { filters: 5, kernelSize: 5 }, "wide", maxPool2d()).executedFlops, 2 * 20 * 24 * 25 * 5);
});
