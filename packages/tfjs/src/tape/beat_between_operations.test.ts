import test from "ava";
import { tensorflow } from "../../test/tensorflow.ts";
import { beatBetweenOperations } from "./beat_between_operations.ts";

const tf = await tensorflow();

test("tfjs beats before each operation, forward and backward; an endless loop of them is no sign of life", (t) => {
  let beats = 0;
  const beginPass = beatBetweenOperations(tf, () => beats++);
  const x = tf.tensor1d([1, 2]);
  tf.tidy(() => tf.square(x));
  const forward = beats;
  t.true(forward >= 2);
  beats = 0;
  tf.tidy(() => tf.grad((value) => tf.sum(tf.square(value)))(x));
  t.true(beats > forward + 2);
  const engine = tf.engine();
  for (let i = 0; i < 1_000_000; i++) {
    engine.startScope();
    engine.endScope();
  }
  beats = 0;
  tf.tidy(() => tf.square(x));
  t.is(beats, 0);
  beginPass();
  tf.tidy(() => tf.square(x));
  t.is(beats, forward);
  x.dispose();
});
