import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import type { ActivationRules } from "../../../network/activations/activation.ts";
import { activations } from "../../../network/activations/activations.ts";
import { relu } from "../../../network/activations/relu.ts";
import { activate, activationGradient, activationKinks } from "./activation.ts";
import { relativeDistance } from "./closeness.ts";
import { tensor } from "./tensor.ts";

test("relu: negative values become zero, and zero is shut", (t) => {
  t.deepEqual(activate(tensor([1, 4], [-2, 0, 0.5, 3]), relu), {
    y: tensor([1, 4], [0, 0, 0.5, 3]),
    pieces: Int32Array.of(0, 0, 1, 1),
  });
});

test("relu: the gradient passes where it is open, or counts as open", (t) => {
  const [dy, x] = [tensor([1, 4], [1, 2, 3, 4]), tensor([1, 4], [-2, 0, 0.5, 3])];
  t.deepEqual([...activationGradient(dy, x, Int32Array.of(0, 0, 1, 1), relu).data], [0, 0, 3, 4]);
  t.deepEqual([...activationGradient(dy, x, Int32Array.of(1, 1, 0, 1), relu).data], [1, 2, 0, 4]);
});

test("values close to a corner are kinks; the corner is not", (t) => {
  const x = tensor([1, 5], [-100, 0.0009, -0.0009, 0, 0.0011]);
  t.deepEqual(activationKinks(x, [0], 1e-5), [
    { element: 1, alternative: 0 },
    { element: 2, alternative: 1 },
  ]);
  t.deepEqual(activationKinks(x, [-100, 0.0005], 1e-5), [
    { element: 1, alternative: 1 },
    { element: 3, alternative: 2 },
    { element: 4, alternative: 1 },
  ]);
});

for (const [name, rules] of Object.entries(activations) as [string, ActivationRules][]) {
  const { clip, monotone, keeps, corners, value, slope } = rules;
  const draw = new Draw(4);
  const x = tensor(
    [3, 20],
    draw.floats(60).map((float) => float * 8),
  );
  const dy = tensor([3, 20], draw.floats(60));

  test(`${name}: the gradient is the finite difference`, (t) => {
    t.deepEqual(activationKinks(x, corners, 1e-4), []);
    const loss = () => activate(x, rules).y.data.reduce((sum, y, i) => sum + y * dy.data[i], 0);
    const { pieces } = activate(x, rules);
    t.true(relativeDistance(activationGradient(dy, x, pieces, rules).data, numericalGradient(loss, x.data)) < 1e-8);
    t.is(new Set(pieces).size, corners.length + 1);
  });

  test(`${name}: what it says of itself is so`, (t) => {
    const sorted = [...x.data, ...corners].toSorted((a, b) => a - b);
    for (const [i, each] of sorted.entries()) {
      if (monotone && i > 0) t.true(value(each) >= value(sorted[i - 1]));
      t.is(value(each), clip === undefined ? each : Math.min(Math.max(each, 0), clip));
      const stopped = clip !== undefined && (value(each) <= 0 || value(each) >= clip);
      t.is(slope(keeps === "output" ? value(each) : each), stopped ? 0 : 1);
    }
    t.true(Number.isNaN(value(Number.NaN)));
  });
}
