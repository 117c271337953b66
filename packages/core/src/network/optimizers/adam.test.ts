import test from "ava";
import { adam } from "./adam.ts";
import { stateCount } from "./optimizers.ts";
import { restoreOptimizer } from "./optimizers.ts";

test("the defaults are the paper's", (t) => {
  const expected = { kind: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
  t.deepEqual(adam() as object, expected);
});

test("two moments are kept", (t) => {
  t.is(stateCount(adam()), 2);
});

test("comes back from JSON as it was", (t) => {
  const optimizer = adam({ learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-7, weightDecay: 0.1 });
  t.deepEqual(restoreOptimizer(JSON.parse(JSON.stringify(optimizer))), optimizer);
});

const refused: [unknown, RegExp][] = [
  [{ learningRate: -1 }, /learningRate must be a finite number of at least 0; got -1/],
  [{ beta1: 1 }, /beta1 must be a number from 0 to below 1; got 1/],
  [{ beta2: -0.5 }, /beta2 .* got -0.5/],
  [{ epsilon: 0 }, /epsilon must be a number above 0 that float32 can hold; got 0/],
  [{ epsilon: 1e-50 }, /epsilon .* got 1e-50/],
  [
    { weightDecay: null, momentum: 0.9 },
    /no option momentum; it takes learningRate, beta1, beta2, epsilon, weightDecay/,
  ],
  ["fast", /takes an object of options; got "fast"/],
];
for (const [options, message] of refused) {
  test(`refuses ${JSON.stringify(options)}`, (t) => {
    // Plain JavaScript can pass anything.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    t.throws(() => adam(options as never), { code: "OPTIMIZER_OPTION", message });
  });
}
