import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";
import { register, unregister } from "../../mend/register.ts";

const tf = await tensorflow();

test("a bool is true for every number but zero", (t) => {
  const numbers = [0, -0, 0.25, 3, 256, -1, NaN];
  const expected = [0, 0, 1, 1, 1, 1, 1];
  const cast = (): number[] => tf.tidy(() => [...tf.cast(tf.tensor1d(numbers), "bool").dataSync()]);
  t.deepEqual(cast(), expected);
  t.deepEqual(
    tf.tidy(() => [...tf.cast(tf.tensor1d([0, 256, -1], "int32"), "bool").dataSync()]),
    [0, 1, 1],
  );
  // The stock kernel stores the lowest byte of the number.
  unregister();
  t.deepEqual(cast(), [0, 0, 0, 3, 0, 255, 0]);
  register(tf);
});

test("numbers become integers towards zero, and bools become numbers", (t) => {
  tf.tidy(() => {
    t.deepEqual([...tf.cast(tf.tensor1d([1.9, -1.9, 0]), "int32").dataSync()], [1, -1, 0]);
    t.deepEqual([...tf.cast(tf.tensor1d([1, 0], "bool"), "float32").dataSync()], [1, 0]);
  });
});

test("a clone is the same memory, and outlives what it is a clone of", (t) => {
  const x = tf.tensor1d([1, 2, 3]);
  const clone = tf.clone(x);
  t.is(clone.dataId, x.dataId);
  x.dispose();
  t.deepEqual([...clone.dataSync()], [1, 2, 3]);
  const before = tf.memory().numDataBuffers;
  clone.dispose();
  t.is(tf.memory().numDataBuffers, before - 1);
});

test("a clone of strings keeps them", (t) => {
  tf.tidy(() => t.deepEqual(tf.clone(tf.tensor1d(["a", "bc"])).arraySync(), ["a", "bc"]));
});
