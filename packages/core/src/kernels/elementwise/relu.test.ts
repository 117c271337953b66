import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

test("shuts below zero, in vectors of any length", (t) => {
  for (let length = 0; length < 19; length++) {
    const values = Float32Array.from({ length }, (_, i) => Math.sin(i * 3 + length));
    tf.tidy(() => {
      const y = tf.relu(tf.tensor1d(values));
      t.deepEqual(
        y.dataSync<"float32">(),
        values.map((value) => Math.max(value, 0)),
      );
    });
  }
});

test("keeps the shape, and sends the gradient where x is positive", (t) => {
  tf.tidy(() => {
    const x = tf.tensor([-1, 0, 2, -0, 3, -4], [1, 2, 3]);
    const dx = tf.grad((input: Tensor) => tf.relu(input))(x, tf.tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]));
    t.deepEqual(tf.relu(x).shape, [1, 2, 3]);
    t.deepEqual([...dx.dataSync()], [0, 0, 3, 0, 5, 0]);
  });
});

test("NaN of either sign stays NaN, so that a diverged run shows", (t) => {
  const signs = new Float32Array(new Uint32Array([0x7fc00000, 0xffc00000, 0x7fc00000, 0xffc00000, 0xffc00000]).buffer);
  tf.tidy(() => {
    t.deepEqual([...tf.relu(tf.tensor1d(signs)).dataSync()], [NaN, NaN, NaN, NaN, NaN]);
    const infinity = tf.tensor1d([Infinity]);
    t.deepEqual([...tf.relu(tf.sub(infinity, infinity)).dataSync()], [NaN]);
  });
});
