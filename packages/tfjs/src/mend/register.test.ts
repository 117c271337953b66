import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import type { Rank, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import { tensorflow } from "../../test/tensorflow.ts";

const execute = promisify(execFile);

test("no kernel keeps memory that nobody can reach", async (t) => {
  const tf = await tensorflow();
  const backend = tf.findBackend("wasm") as unknown as { numDataIds(): number };
  const use = (): void => {
    tf.tidy(() => {
      const x = tf.randomUniform<Rank.R4>([2, 9, 7, 3]);
      const filter = tf.randomUniform<Rank.R4>([3, 2, 3, 5]);
      const dense = tf.randomUniform([5, 4]);
      const { value, grads } = tf.valueAndGrads((input, kernel, weights) => {
        const conv = tf.fused.conv2d({
          x: input as Tensor4D,
          filter: kernel as Tensor4D,
          strides: 1,
          pad: "same",
          activation: "relu",
        });
        const pooled = tf.avgPool(tf.maxPool(conv, 2, 2, "same"), 3, 1, "same");
        const rows = tf.reshape<Rank.R2>(pooled, [-1, 5]);
        const fused = tf.fused.matMul({ a: rows, b: weights, activation: "relu" });
        return tf.sum(tf.matMul(fused, fused, true, false));
      })([x, filter, dense]);
      value.dataSync();
      for (const gradient of grads) gradient.dataSync();
    });
  };
  use();
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()];
  for (let i = 0; i < 5; i++) use();
  t.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()], before);
});

test("tensors are whole when this package was imported before tfjs-core", async (t) => {
  const program = `
    await import(${JSON.stringify(new URL("../index.ts", import.meta.url))});
    const { tensorflow } = await import(${JSON.stringify(new URL("../../test/tensorflow.ts", import.meta.url))});
    const tf = await tensorflow();
    console.log(tf.tensor1d([1, 2]).clone().dataSync().join());`;
  const { stdout } = await execute(process.execPath, ["--input-type=module", "-e", program]);
  t.is(stdout, "1,2\n");
});

test("nothing is printed", async (t) => {
  const program = `
    import { tensorflow } from ${JSON.stringify(new URL("../../test/tensorflow.ts", import.meta.url))};
    const tf = await tensorflow();
    tf.tidy(() => tf.maxPool(tf.ones([1, 2, 2, 1]), 2, 2, "same").dataSync());`;
  const { stdout, stderr } = await execute(process.execPath, ["--input-type=module", "-e", program]);
  t.is(stdout + stderr, "");
});
