import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Draw } from "../../../test/draw.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { memoryOf, type WasmBackend } from "../../backend/wasm_backend.ts";
import { register, unregister } from "../../tfjs/register.ts";
import { relativeDistance } from "../../verify/reference/closeness.ts";

const tf = await tensorflow();

interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Sizes around those of a tile and of a block, and around 48, where the stock kernel cuts its blocks. */
function randomProduct(draw: Draw): Product {
  return {
    batch: draw.pick([1, 1, 3]),
    rows: draw.integer(1, 14),
    inner: draw.pick([1, 2, 5, 47, 48, 49, 130, 256, 257, 520]),
    columns: draw.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 23, 255, 256, 257, 264]),
    transposeA: draw.chance(0.5),
    transposeB: draw.chance(0.5),
  };
}

function expectedProduct(a: Float32Array, b: Float32Array, product: Product): Float64Array {
  const { batch, rows, inner, columns, transposeA, transposeB } = product;
  const y = new Float64Array(batch * rows * columns);
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < rows; m++) {
      for (let k = 0; k < columns; k++) {
        for (let i = 0; i < inner; i++) {
          const left = a[n * rows * inner + (transposeA ? i * rows + m : m * inner + i)];
          const right = b[n * inner * columns + (transposeB ? k * inner + i : i * columns + k)];
          y[(n * rows + m) * columns + k] += left * right;
        }
      }
    }
  }
  return y;
}

function operands(
  draw: Draw,
  product: Product,
): { a: Float32Array; b: Float32Array; shapeA: number[]; shapeB: number[] } {
  const { batch, rows, inner, columns, transposeA, transposeB } = product;
  return {
    a: Float32Array.from(draw.floats(batch * rows * inner)),
    b: Float32Array.from(draw.floats(batch * inner * columns)),
    shapeA: transposeA ? [batch, inner, rows] : [batch, rows, inner],
    shapeB: transposeB ? [batch, columns, inner] : [batch, inner, columns],
  };
}

function agrees(t: ExecutionContext, found: Tensor, expected: ArrayLike<number>, about: unknown): void {
  const distance = relativeDistance(found.dataSync(), expected);
  t.true(distance < 1e-5, `${distance} ${JSON.stringify(about)}`);
}

const size = (shape: readonly number[]): number => shape.reduce((count, length) => count * length, 1);

const tensor = (draw: Draw, shape: number[]): Tensor => tf.tensor(Float32Array.from(draw.floats(size(shape))), shape);

/** Writes to a tensor's memory, as an optimizer does that changes weights in place. */
function write(x: Tensor, values: readonly number[]): void {
  const backend = tf.backend() as unknown as WasmBackend;
  new Float32Array(memoryOf(backend).buffer).set(values, backend.dataIdMap.get(x.dataId).memoryOffset / 4);
}

test("the product of matrices, transposed or not, is the sum over the inner size", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 300; i++) {
    const product = randomProduct(draw);
    const { a, b, shapeA, shapeB } = operands(draw, product);
    tf.tidy(() => {
      const y = tf.matMul(tf.tensor(a, shapeA), tf.tensor(b, shapeB), product.transposeA, product.transposeB);
      t.deepEqual(y.shape, [product.batch, product.rows, product.columns]);
      agrees(t, y, expectedProduct(a, b, product), product);
    });
  }
});

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

test("leading sizes are broadcast", (t) => {
  const draw = new Draw(5);
  const cases = [
    [[2], [1]],
    [[1], [2]],
    [[2, 3], [3]],
    [[3], [2, 3]],
    [
      [2, 1],
      [1, 3],
    ],
    [
      [1, 3],
      [2, 1],
    ],
    [
      [2, 1, 2],
      [3, 1],
    ],
    [[], [2, 2]],
    [[0], [1]],
  ];
  for (const [outerA, outerB] of cases) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        tf.tidy(() => {
          const a = tensor(draw, [...outerA, ...(transposeA ? [7, 5] : [5, 7])]);
          const b = tensor(draw, [...outerB, ...(transposeB ? [9, 7] : [7, 9])]);
          const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
          const y = tf.matMul(a, b, transposeA, transposeB);
          t.deepEqual(y.shape, [...outer, 5, 9]);
          if (size(outer) === 0) return;
          const allA = tf.broadcastTo(a, [...outer, ...a.shape.slice(-2)]).dataSync<"float32">();
          const allB = tf.broadcastTo(b, [...outer, ...b.shape.slice(-2)]).dataSync<"float32">();
          const product = { batch: size(outer), rows: 5, inner: 7, columns: 9, transposeA, transposeB };
          agrees(t, y, expectedProduct(allA, allB, product), { outerA, outerB, transposeA, transposeB });
        });
      }
    }
  }
});

test("a sum over nothing is the bias, and a matrix without rows or columns is empty", (t) => {
  tf.tidy(() => {
    const bias = tf.tensor1d([1, -2, 3]);
    const none = { a: tf.zeros<Rank.R2>([2, 0]), b: tf.zeros<Rank.R2>([0, 3]) };
    t.deepEqual([...tf.fused.matMul({ ...none, bias }).dataSync()], [1, -2, 3, 1, -2, 3]);
    t.deepEqual([...tf.fused.matMul({ ...none, bias, activation: "relu" }).dataSync()], [1, 0, 3, 1, 0, 3]);
    t.deepEqual([...tf.matMul(none.a, none.b).dataSync()], [0, 0, 0, 0, 0, 0]);
    t.deepEqual(tf.matMul(tf.zeros([0, 4]), tf.ones([4, 3])).shape, [0, 3]);
    t.deepEqual(tf.matMul(tf.ones([2, 4]), tf.zeros([4, 0])).shape, [2, 0]);
  });
});

test("a row has the same bits alone, among few and among many", (t) => {
  const draw = new Draw(6);
  for (const [inner, columns] of [
    [1, 1],
    [130, 10],
    [520, 23],
    [800, 300],
  ]) {
    tf.tidy(() => {
      const a = tensor(draw, [64, inner]);
      const b = tensor(draw, [inner, columns]);
      const all = tf.matMul(a, b).dataSync();
      for (const rows of [1, 2, 3, 5, 12, 13]) {
        const some = tf.matMul(tf.slice(a, [0, 0], [rows, inner]), b).dataSync();
        t.deepEqual(some, all.slice(0, rows * columns), `${rows} rows of ${inner}, ${columns} columns`);
      }
    });
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

test("whole numbers are multiplied exactly, in batches and transposed", (t) => {
  const draw = new Draw(7);
  for (let i = 0; i < 100; i++) {
    const product = { ...randomProduct(draw), inner: draw.pick([0, 1, 5, 20]) };
    const { a, b, shapeA, shapeB } = operands(draw, product);
    const left = a.map((value) => Math.round(value * 3000));
    const right = b.map((value) => Math.round(value * 3000));
    tf.tidy(() => {
      const { transposeA, transposeB } = product;
      const [x, w] = [tf.tensor(left, shapeA, "int32"), tf.tensor(right, shapeB, "int32")];
      const y = tf.matMul(x, w, transposeA, transposeB);
      t.is(y.dtype, "int32");
      t.deepEqual(
        [...y.dataSync()],
        [...expectedProduct(left, right, product)].map((sum) => sum + 0),
      );
    });
  }
});

test("operands that are neither float32 nor int32, and sizes that do not match, are refused", (t) => {
  tf.tidy(() => {
    t.throws(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])), { message: /inner shapes/ });
    t.throws(() => tf.matMul(tf.ones([2, 3], "int32"), tf.ones([2, 3], "int32")), { message: /float32/ });
    t.throws(() => tf.matMul(tf.ones([2, 2], "bool"), tf.ones([2, 2], "bool")), { message: /float32/ });
    const whole = tf.ones<Rank.R2>([2, 2], "int32");
    t.throws(() => tf.fused.matMul({ a: whole, b: whole }), { message: /float32/ });
    t.throws(() => tf.matMul(tf.ones([2, 2, 3]), tf.ones([3, 3, 2])), { message: /broadcast/ });
  });
});

test("the gradient of a product is made of products with transposed operands", (t) => {
  const draw = new Draw(3);
  const product = { batch: 1, rows: 7, inner: 130, columns: 5, transposeA: false, transposeB: false };
  const { a, b } = operands(draw, product);
  const dy = Float32Array.from(draw.floats(35));
  const dA = expectedProduct(dy, b, { ...product, inner: 5, columns: 130, transposeB: true });
  const dB = expectedProduct(a, dy, { ...product, rows: 130, inner: 7, transposeA: true });
  tf.tidy(() => {
    const back = tf.grads((x: Tensor, y: Tensor) => tf.matMul(x, y));
    const [foundA, foundB] = back([tf.tensor(a, [7, 130]), tf.tensor(b, [130, 5])], tf.tensor(dy, [7, 5]));
    agrees(t, foundA, dA, "a");
    agrees(t, foundB, dB, "b");
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
