import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { numericalGradient } from "@convoy/core/test/numerical_gradient";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

type Mode = "reflect" | "symmetric";

/** mirrorPad by its definition, in float64: the index of x that each element of the output shows. */
function mirrored(shape: readonly number[], paddings: readonly [number, number][], mode: Mode): number[] {
  let indexes = [0];
  for (const [axis, [before, after]] of paddings.entries()) {
    const size = shape[axis];
    const places = Array.from({ length: before + size + after }, (_, i) => {
      const at = i - before;
      const edge = mode === "reflect" ? 0 : 1;
      if (at < 0) return -at - edge;
      return at < size ? at : 2 * size - 2 + edge - at;
    });
    indexes = indexes.flatMap((outer) => places.map((place) => outer * size + place));
  }
  return indexes;
}

for (const mode of ["reflect", "symmetric"] as const) {
  test(`the gradient of mirrorPad '${mode}' is that of finite differences, in one to four dimensions`, (t) => {
    const draw = new Draw(1);
    const edge = mode === "reflect" ? 1 : 0;
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: draw.integer(1, 4) }, () => draw.integer(1, 4));
      const paddings = shape.map((size): [number, number] => [
        draw.integer(0, size - edge),
        draw.integer(0, size - edge),
      ]);
      const indexes = mirrored(shape, paddings, mode);
      const x = draw.floats(shape.reduce((a, b) => a * b));
      const dy = draw.floats(indexes.length);
      const loss = (): number => indexes.reduce((sum, index, out) => sum + x[index] ** 2 * dy[out], 0);
      tf.tidy(() => {
        const input = tf.tensor(Float32Array.from(x), shape);
        const weights = tf.tensor(
          Float32Array.from(dy),
          shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]),
        );
        const run = (each: Tensor): Tensor => tf.sum(tf.mul(weights, tf.square(tf.mirrorPad(each, paddings, mode))));
        const { value, grad } = tf.valueAndGrad(run)(input);
        const about = JSON.stringify({ shape, paddings });
        t.true(Math.abs(value.dataSync()[0] - loss()) < 1e-4, about);
        t.true(relativeDistance(grad.dataSync(), numericalGradient(loss, x)) < 1e-5, about);
      });
    }
  });
}

test("the gradient counts the mirrored cells, which tfjs's own leaves out", (t) => {
  const x = tf.tensor1d([1, 2, 3]);
  const dy = tf.tensor1d([10, 20, 30, 40, 50, 60]);
  // x is shown as 3 2 1 2 3 2.
  t.deepEqual(
    stockAndOurs(() => tf.grad((each: Tensor) => tf.mirrorPad(each, [[2, 1]], "reflect"))(x, dy)),
    [
      [30, 40, 50],
      [30, 20 + 40 + 60, 10 + 50],
    ],
  );
});

test("the gradient of the gradient of mirrorPad exists", (t) => {
  tf.tidy(() => {
    const cubes = (x: Tensor): Tensor => tf.sum(tf.pow(tf.mirrorPad(x, [[0, 1]], "symmetric"), 3));
    // x = (1, 2) is shown as 1 2 2: Σ 3x² is 3 + 12 + 12, and its gradient 6, 12 + 12.
    const second = tf.grad((x: Tensor) => tf.sum(tf.grad(cubes)(x)))(tf.tensor1d([1, 2]));
    t.deepEqual([...second.dataSync()], [6, 24]);
  });
});
