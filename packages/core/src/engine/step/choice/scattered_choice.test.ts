import test from "ava";
import type { KernelVariant } from "../../emit/module/linker.ts";
import { conv2d, type Conv2dOptions } from "../../../network/layers/conv2d.ts";
import { dense } from "../../../network/layers/dense.ts";
import { flatten } from "../../../network/layers/flatten.ts";
import { Sequential } from "../../../model/sequential.ts";
import { describePlan } from "../plan/describe_plan.ts";
import type { PlanAlgorithm, PlanRow } from "../plan/plan_row.ts";

/** The input gradient of a convolution of `inputs` channels, on images of `size` × `size`. */
function inputGradient(size: number, inputs: number, options: Conv2dOptions, variant: KernelVariant): PlanRow {
  const layers = [conv2d({ filters: inputs, kernelSize: 1 }), conv2d(options), flatten(), dense({ units: 2 })];
  return describePlan(new Sequential({ inputShape: [size, size, 1], layers }).toJSON(), variant)[4];
}

test("a scattered input gradient adds rows of whole vectors, wide ones in pairs", (t) => {
  const lenet = { filters: 16, kernelSize: 5 };
  const few = { filters: 64, kernelSize: 3 };
  // LeNet-5: 10 × 10 windows of 5 rows of 5 · 6 = 30 floats, which are 32 in vectors.
  t.is(inputGradient(14, 6, lenet, "narrow").executedFlops, 2 * 100 * 5 * 32 * 16);
  t.is(inputGradient(14, 6, lenet, "wide").executedFlops, 2 * 100 * 5 * 32 * 16);
  // Rows of 9 floats: three vectors, or two pairs.
  t.is(inputGradient(7, 3, few, "narrow").executedFlops, 2 * 25 * 3 * 12 * 64);
  t.is(inputGradient(7, 3, few, "wide").executedFlops, 2 * 25 * 3 * 16 * 64);
});

const choices: readonly [
  why: string,
  size: number,
  inputs: number,
  options: Conv2dOptions,
  algorithm: PlanAlgorithm,
][] = [
  ["half of the pairs do not exist", 14, 32, { filters: 32, kernelSize: 5 }, "scattered"],
  ["the border makes up for them", 14, 32, { filters: 32, kernelSize: 5, padding: "same" }, "direct"],
  ["a row of the filter fills vectors that a pixel does not", 14, 3, { filters: 16, kernelSize: 5 }, "scattered"],
  ["a single window sees the image", 5, 16, { filters: 120, kernelSize: 5 }, "scattered"],
  ["few windows cost less than Winograd's tiles", 5, 64, { filters: 64, kernelSize: 3 }, "scattered"],
  ["many windows do not", 14, 64, { filters: 64, kernelSize: 3 }, "winograd F(2x2,3x3)"],
  ["of one filter there is nothing to sum", 14, 6, { filters: 1, kernelSize: 3, padding: "same" }, "direct"],
  ["windows of one pixel do not overlap", 14, 6, { filters: 16, kernelSize: 1 }, "direct"],
];

for (const [why, size, inputs, options, algorithm] of choices) {
  test(`an input gradient is ${algorithm}: ${why}`, (t) => {
    for (const variant of ["narrow", "wide"] as const) {
      t.is(inputGradient(size, inputs, options, variant).algorithm, algorithm, variant);
    }
  });
}
