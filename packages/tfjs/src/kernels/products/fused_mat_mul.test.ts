import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { agrees, expectedProduct, operands, randomProduct, tensor } from "../../../test/products.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { memoryOf, type WasmBackend } from "@convoy/core/engine";
import { register, unregister } from "../../mend/register.ts";

const tf = await tensorflow();

/** Writes to a tensor's memory, as an optimizer does that changes weights in place. */
function write(x: Tensor, values: readonly number[]): void {
  const backend = tf.backend() as unknown as WasmBackend;
  new Float32Array(memoryOf(backend).buffer).set(values, backend.dataIdMap.get(x.dataId).memoryOffset / 4);
}

test("the fused product adds its bias once, and shuts below zero", (t) => {
  const draw = new Draw(2);
  for (let i = 0; i < 300; i++) {
    const product = { ...randomProduct(draw), batch: 1 };
    const { a, b, shapeA, shapeB } = operands(draw, product);
    const bias = Float32Array.from(draw.floats(product.columns, -5, 5));
    const activation = draw.pick(["linear", "relu"] as const);
    const expected = expectedProduct(a, b, product).map((sum, at) => {
      const value = sum + bias[at % product.columns];
      return activation === "relu" ? Math.max(value, 0) : value;
    });
    const { transposeA, transposeB } = product;
    tf.tidy(() => {
      const matrices = { a: tf.tensor(a, shapeA.slice(1)), b: tf.tensor(b, shapeB.slice(1)) };
      const y = tf.fused.matMul({ ...matrices, transposeA, transposeB, bias: tf.tensor1d(bias), activation });
      agrees(t, y, expected, { ...product, activation });
    });
  }
});

test("every activation follows the product and the bias", (t) => {
  const activations = {
    linear: (x: number) => x,
    relu: (x: number) => Math.max(x, 0),
    relu6: (x: number) => Math.min(Math.max(x, 0), 6),
    elu: (x: number) => (x < 0 ? Math.expm1(x) : x),
    leakyrelu: (x: number) => (x < 0 ? 0.3 * x : x),
    prelu: (x: number, k: number) => (x < 0 ? (0.1 + 0.2 * k) * x : x),
    sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  };
  const draw = new Draw(4);
  for (const [activation, expected] of Object.entries(activations)) {
    for (const biasShape of [[], [9], [1], [5, 1], [5, 9]]) {
      const product = { ...randomProduct(draw), batch: 1, rows: 5, columns: 9 };
      const { transposeA, transposeB } = product;
      const { a, b, shapeA, shapeB } = operands(draw, product);
      tf.tidy(() => {
        const bias = tensor(draw, biasShape);
        const added = tf.broadcastTo<Rank.R2>(bias, [5, 9]).dataSync();
        const y = tf.fused.matMul({
          a: tf.tensor(a, shapeA.slice(1)),
          b: tf.tensor(b, shapeB.slice(1)),
          transposeA,
          transposeB,
          bias,
          activation: activation as "relu",
          preluActivationWeights: tf.tensor1d(Array.from({ length: 9 }, (_, k) => 0.1 + 0.2 * k)),
          leakyreluAlpha: 0.3,
        });
        const sums = expectedProduct(a, b, product).map((sum, i) => expected(sum + added[i], i % 9));
        agrees(t, y, sums, { ...product, activation, biasShape });
      });
    }
  }
});

test("weights and bias that are written to in place are used as they are", (t) => {
  tf.tidy(() => {
    const a = tf.tensor2d([1, 2], [1, 2]);
    const b = tf.tensor2d([1, 2], [2, 1]);
    const bias = tf.tensor1d([10]);
    t.deepEqual([...tf.fused.matMul({ a, b, bias }).dataSync()], [15]);
    write(b, [3, 4]);
    write(bias, [20]);
    t.deepEqual([...tf.fused.matMul({ a, b, bias }).dataSync()], [31]);
  });
});

test("NaN travels through the fused activations, so that a diverged run shows", (t) => {
  for (const activation of ["linear", "relu", "relu6", "sigmoid"] as const) {
    tf.tidy(() => {
      const a = tf.tensor2d(new Float32Array(6).fill(NaN), [2, 3]);
      const y = tf.fused.matMul({ a, b: tf.ones([3, 4]), bias: tf.ones([4]), activation });
      t.true(
        y.dataSync().every((value) => Number.isNaN(value)),
        activation,
      );
    });
  }
});

test("the stock kernel adds the bias once for every block of 48, keeps old weights and turns NaN into 0", (t) => {
  unregister();
  try {
    tf.tidy(() => {
      const a = tf.ones<Rank.R2>([1, 49]);
      const bias = tf.tensor1d([10]);
      t.deepEqual([...tf.fused.matMul({ a, b: tf.ones([1, 49]), transposeB: true, bias }).dataSync()], [69]);
      const b = tf.ones<Rank.R2>([49, 1]);
      t.deepEqual([...tf.matMul(a, b).dataSync()], [49]);
      write(
        b,
        Array.from({ length: 49 }, () => 2),
      );
      t.deepEqual([...tf.matMul(a, b).dataSync()], [49]);
      const infinity = tf.tensor2d([Infinity, -Infinity], [1, 2]);
      t.deepEqual([...tf.fused.matMul({ a: infinity, b: tf.ones([2, 1]), activation: "relu" }).dataSync()], [0]);
    });
  } finally {
    register(tf);
  }
});
