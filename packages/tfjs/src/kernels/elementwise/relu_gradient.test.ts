import { scalar, type Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

test("the gradient of relu flows where x is positive, in vectors of any length; NaN travels", (t) => {
  for (let length = 0; length < 19; length++) {
    const x = Float32Array.from({ length }, (_, i) => [-1, 0, 2, -0, 3, NaN, -4][i % 7]);
    const dy = Float32Array.from({ length }, (_, i) => i + 1);
    tf.tidy(() => {
      const dx = tf.grad((input: Tensor) => tf.relu(input))(tf.tensor(x, [1, length]), tf.tensor(dy, [1, length]));
      t.deepEqual(dx.shape, [1, length]);
      t.deepEqual(
        [...dx.dataSync()],
        [...x].map((value, i) => (value > 0 ? dy[i] : Number.isNaN(value) ? NaN : 0)),
      );
    });
  }
});

test("the gradient of relu has a gradient", (t) => {
  // f = Σ relu(x)³: f' = 3 relu(x)², and the gradient of Σ f' is 6 relu(x).
  const f = (x: Tensor): Tensor => tf.sum(tf.pow(tf.relu(x), scalar(3)));
  const second = tf.tidy(() => [
    ...tf
      .grad((x: Tensor) => tf.sum(tf.grad(f)(x)))(tf.tensor1d([-1, 2, 0.5]))
      .dataSync(),
  ]);
  t.deepEqual(second, [0, 12, 3]);
});
