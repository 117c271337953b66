import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { relativeDistance } from "./closeness.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import { relu, reluGradient, reluKinks } from "./relu.ts";
import { tensor } from "./tensor.ts";

test("negative values become zero, and zero is shut", (t) => {
  t.deepEqual(relu(tensor([1, 4], [-2, 0, 0.5, 3])), {
    y: tensor([1, 4], [0, 0, 0.5, 3]),
    open: Int32Array.of(0, 0, 1, 1),
  });
});

test("the gradient passes where it is open", (t) => {
  t.deepEqual([...reluGradient(tensor([1, 4], [1, 2, 3, 4]), Int32Array.of(0, 0, 1, 1)).data], [0, 0, 3, 4]);
});

test("values close to zero are kinks; zero is not", (t) => {
  const x = tensor([1, 5], [-100, 0.0009, -0.0009, 0, 0.0011]);
  t.deepEqual(reluKinks(x, 1e-5), [
    { element: 1, alternative: 0 },
    { element: 2, alternative: 1 },
  ]);
});

test("the gradient is the finite difference", (t) => {
  const draw = new Draw(4);
  const x = tensor([3, 20], draw.floats(60));
  const dy = tensor([3, 20], draw.floats(60));
  t.deepEqual(reluKinks(x, 1e-4), []);
  const loss = () => relu(x).y.data.reduce((sum, y, i) => sum + y * dy.data[i], 0);
  t.true(relativeDistance(reluGradient(dy, relu(x).open).data, numericalGradient(loss, x.data)) < 1e-8);
});
