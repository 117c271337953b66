import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { register, unregister } from "../../mend/register.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Each number of x goes to the place that is left of its own when the axes are gone. */
function reference(x: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): Float64Array {
  const y = new Float64Array(size(shape.filter((_, axis) => !axes.includes(axis))));
  for (let i = 0; i < x.length; i++) {
    let place = 0;
    let stride = 1;
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (!axes.includes(axis)) {
        place += (rest % shape[axis]) * stride;
        stride *= shape[axis];
      }
      rest = Math.floor(rest / shape[axis]);
    }
    y[place] += x[i];
  }
  return y;
}

test("sums over any axes, with and without keeping them", (t) => {
  const draw = new Draw(1);
  const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 33, 130];
  for (let i = 0; i < 300; i++) {
    const shape = Array.from({ length: draw.integer(1, 4) }, (_, axis) =>
      axis < 2 ? draw.pick(lengths) : draw.integer(1, 9),
    );
    const axes = draw.order(shape.length).slice(0, draw.integer(0, shape.length));
    const values = Float32Array.from(draw.floats(size(shape), 0.2, 1));
    tf.tidy(() => {
      const x = tf.tensor(values, shape);
      const kept = tf.sum(x, axes, true);
      t.deepEqual(
        kept.shape,
        shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
      );
      const y = tf.sum(x, axes);
      t.deepEqual(
        y.shape,
        shape.filter((_, axis) => !axes.includes(axis)),
      );
      const expected = reference(values, shape, axes);
      const about = `[${shape.join(", ")}] over ${axes.join(", ")}`;
      t.true(relativeDistance(y.dataSync(), expected) < 1e-6, about);
      t.true(relativeDistance(kept.dataSync(), expected) < 1e-6, about);
    });
  }
});

test("a long sum loses no digits, which it does with the stock kernel", (t) => {
  const draw = new Draw(2);
  const shape = [64, 26, 26, 16];
  const values = Float32Array.from(draw.floats(size(shape), 0, 1));
  const distances = (): number[] =>
    [[0, 1, 2], [3], [1, 2], [0, 1, 2, 3]].map((axes) =>
      tf.tidy(() =>
        relativeDistance(tf.sum(tf.tensor(values, shape), axes).dataSync(), reference(values, shape, axes)),
      ),
    );
  t.true(Math.max(...distances()) < 5e-7);
  unregister();
  try {
    t.true(Math.max(...distances()) > 2e-6);
  } finally {
    register(tf);
  }
});

test("a sum over nothing is zero", (t) => {
  tf.tidy(() => {
    t.deepEqual([...tf.sum(tf.zeros([0, 3]), 0).dataSync()], [0, 0, 0]);
    t.deepEqual([...tf.sum(tf.zeros([2, 0])).dataSync()], [0]);
    t.deepEqual([...tf.sum(tf.zeros([2, 0, 1]), [0, 2]).dataSync()], []);
    t.deepEqual([...tf.sum(tf.zeros([0, 2, 2]), [0, 2]).dataSync()], [0, 0]);
    t.deepEqual([...tf.sum(tf.zeros([0, 3], "int32"), 0).dataSync()], [0, 0, 0]);
    t.deepEqual(tf.sum(tf.zeros([3, 0]), 0).shape, [0]);
  });
});

test("NaN and infinities are kept, and whole numbers are summed as such", (t) => {
  tf.tidy(() => {
    const x = tf.tensor2d([NaN, 1, Infinity, 2, 1, -Infinity], [2, 3]);
    t.deepEqual([...tf.sum(x, 0).dataSync()], [NaN, 2, NaN]);
    t.deepEqual([...tf.sum(x, 1).dataSync()], [NaN, -Infinity]);
    const whole = tf.tensor2d([2 ** 30, 1, 2 ** 29, 2], [2, 2], "int32");
    t.deepEqual([...tf.sum(whole, 0).dataSync()], [2 ** 30 + 2 ** 29, 3]);
    t.deepEqual([...tf.sum(tf.tensor1d([true, true, false], "bool")).dataSync()], [2]);
  });
});
