// What tfjs's own kernels give for the inputs of docs/tfjs-wasm-fixes.md, beside ours.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { memoryOf, type WasmBackend } from "@convoy/core/engine";
import { register, unregister } from "../../mend/register.ts";

await tf.setBackend("wasm");

test("padding 'same' where one axis strides over pixels and the other is padded", (t) => {
  // The first of two rows; of its one column, a window of two: 1 · 1 + 1 · 0.
  const x = tf.tensor4d([1, 2], [1, 2, 1, 1]);
  const filter = tf.ones<Rank.R4>([1, 2, 1, 1]);
  t.deepEqual(
    stockAndOurs(() => tf.conv2d(x, filter, [2, 1], "same")),
    [[0], [1]],
  );
  t.deepEqual(
    stockAndOurs(() => tf.depthwiseConv2d(x, filter, [2, 1], "same")),
    [[0], [1]],
  );
});

test("a filter that was written in place", (t) => {
  const x = tf.ones<Rank.R4>([1, 2, 2, 1]);
  const run = (): Tensor => {
    const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
    tf.conv2d(x, filter, 1, "valid");
    const backend = tf.backend() as unknown as WasmBackend;
    const { memoryOffset } = backend.dataIdMap.get(filter.dataId);
    new Float32Array(memoryOf(backend).buffer, memoryOffset, 4).set([10, 20, 30, 40]);
    return tf.conv2d(x, filter, 1, "valid");
  };
  t.deepEqual(stockAndOurs(run), [[10], [100]]);
});

test("the input gradient of a 3-D convolution", (t) => {
  // y = (x0 + 2 x1, x1 + 2 x2, x2), dy = 1: dx = (1, 2 + 1, 2 + 1).
  const dy = tf.ones<Rank.R5>([1, 3, 1, 1, 1]);
  const filter = tf.tensor5d([1, 2], [2, 1, 1, 1, 1]);
  const run = (): Tensor => {
    return tf.engine().runKernel(
      "Conv3DBackpropInputV2",
      { dy, filter },
      {
        strides: [1, 1, 1],
        pad: "same",
        inputShape: [1, 3, 1, 1, 1],
      },
    );
  };
  t.deepEqual(stockAndOurs(run), [
    [1, 3, 2],
    [1, 3, 3],
  ]);
});

test("channels first", (t) => {
  const x = tf.tensor4d([1, 2], [1, 2, 1, 1]);
  const filter = tf.tensor4d([3, 5], [1, 1, 2, 1]);
  const run = (): number[] => [...tf.conv2d(x, filter, 1, "same", "NCHW").dataSync()];
  unregister();
  t.throws(run, { message: /does not support dataFormat:'NCHW'|channelsFirst/ });
  register(tf);
  t.deepEqual(run(), [13]);
});
