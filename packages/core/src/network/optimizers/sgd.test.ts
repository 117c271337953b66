import test from "ava";
import { stateCount } from "./optimizers.ts";
import { restoreOptimizer } from "./optimizers.ts";
import { sgd } from "./sgd.ts";

test("the defaults are PyTorch's", (t) => {
  const expected = { kind: "sgd", learningRate: 0.001, momentum: 0, nesterov: false, weightDecay: 0 };
  t.deepEqual(sgd() as object, expected);
  t.deepEqual(sgd({}) as object, expected);
});

test("a velocity is kept with momentum only", (t) => {
  t.is(stateCount(sgd({ momentum: 0 })), 0);
  t.is(stateCount(sgd({ momentum: 0.9 })), 1);
});

test("comes back from JSON as it was", (t) => {
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 1e-4 });
  t.deepEqual(restoreOptimizer(JSON.parse(JSON.stringify(optimizer))), optimizer);
});

const refused: [unknown, RegExp][] = [
  [{ learningRate: -0.1 }, /learningRate must be a finite number of at least 0; got -0.1/],
  [{ learningRate: Number.NaN }, /learningRate .* got NaN/],
  [{ learningRate: Infinity }, /learningRate .* got Infinity/],
  [{ learningRate: 1e39 }, /learningRate .* got 1e\+39/],
  [{ learningRate: "0.1" }, /learningRate .* got "0.1"/],
  [{ momentum: 1 }, /momentum must be a number from 0 to below 1; got 1/],
  [{ momentum: 1 - 1e-12 }, /momentum must be a number from 0 to below 1/],
  [{ momentum: -0.1 }, /momentum .* got -0.1/],
  [{ weightDecay: -1 }, /weightDecay .* got -1/],
  [{ nesterov: 1, momentum: 0.9 }, /nesterov must be true or false; got 1/],
  [{ nesterov: true }, /nesterov needs a momentum/],
  [{ lr: 0.1 }, /no option lr; it takes learningRate, momentum, nesterov, weightDecay/],
  [0.1, /takes an object of options; got 0.1/],
  [null, /takes an object of options; got null/],
  [[], /takes an object of options/],
];
for (const [options, message] of refused) {
  test(`refuses ${JSON.stringify(options)} (${message.source})`, (t) => {
    // Plain JavaScript can pass anything.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    t.throws(() => sgd(options as never), { code: "OPTIMIZER_OPTION", message });
  });
}
