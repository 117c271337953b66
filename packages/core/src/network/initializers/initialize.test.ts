import test from "ava";
import type { ParameterSpec } from "../layers/built_layer.ts";
import { initialize } from "./initialize.ts";
import type { Initializer } from "./initializers.ts";

const tensor = (initializer: Initializer, size: number, fanIn: number, fanOut: number, offset = 0): ParameterSpec => ({
  name: "conv2d_1/kernel",
  shape: [size],
  offset,
  size,
  initializer,
  fanIn,
  fanOut,
});

test("gives the values of the formula, worked out in another language", (t) => {
  t.deepEqual(
    [...initialize([tensor("pytorch", 4, 9, 144)], 1)],
    [-0.33051198720932007, 0.20161280035972595, -0.31164443492889404, 0.21608313918113708],
  );
  t.deepEqual(
    [...initialize([tensor("glorotUniform", 4, 9, 144)], 1)],
    [-0.19635336101055145, 0.11977583914995193, -0.18514437973499298, 0.12837250530719757],
  );
  t.deepEqual(
    [...initialize([tensor("heUniform", 4, 9, 144)], 1)],
    [-0.809585690498352, 0.4938484728336334, -0.7633698582649231, 0.529293417930603],
  );
});

test("zeros are zeros", (t) => {
  t.deepEqual([...initialize([tensor("zeros", 3, 9, 144)], 1)], [0, 0, 0]);
});

const limits: [Initializer, limit: number][] = [
  ["glorotUniform", Math.sqrt(6 / (24 + 126))],
  ["heUniform", Math.sqrt(6 / 24)],
  ["pytorch", Math.sqrt(1 / 24)],
];
for (const [initializer, limit] of limits) {
  test(`${initializer}: 100,000 draws fill [-limit, limit) evenly`, (t) => {
    const draws = 100_000;
    const values = initialize([tensor(initializer, draws, 24, 126)], 3);
    const bound = Math.fround(limit);
    t.true(values.every((value) => value >= -bound && value < bound));
    t.true(Math.max(...values.subarray(0, 50_000)) > 0.999 * limit);
    t.true(Math.min(...values.subarray(0, 50_000)) < -0.999 * limit);
    const mean = values.reduce((sum, value) => sum + value, 0) / draws;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
    // Four standard errors of the mean and of the variance of a uniform distribution.
    t.true(Math.abs(mean) < (4 * limit) / Math.sqrt(3 * draws), String(mean));
    t.true(Math.abs(variance / (limit ** 2 / 3) - 1) < 4 * Math.sqrt(0.8 / draws), String(variance));
  });
}

test("two tensors, and two seeds, start differently", (t) => {
  const pair = [tensor("pytorch", 100, 9, 9), tensor("pytorch", 100, 9, 9, 100)];
  const weights = initialize(pair, 1);
  t.true(weights.subarray(0, 100).every((value, i) => value !== weights[100 + i]));
  const other = initialize(pair, 2);
  t.true(weights.every((value, i) => value !== other[i]));
  t.deepEqual(initialize(pair, 1), weights);
});

test("the first values of a longer tensor are those of a shorter one", (t) => {
  const short = initialize([tensor("heUniform", 10, 9, 9)], 5);
  t.deepEqual(initialize([tensor("heUniform", 20, 9, 9)], 5).subarray(0, 10), short);
});
