import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

const pairs = (x: Tensor): number[] => [...x.dataSync<"complex64">()];

test("real and imaginary part come back, from copies, reshapes and clones too", (t) => {
  tf.tidy(() => {
    const real = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const x = tf.complex(real, tf.tensor2d([5, 6, 7, 8], [2, 2]));
    real.dispose();
    const clone = tf.reshape(x.clone(), [4]);
    x.dispose();
    t.deepEqual([clone.dtype, clone.shape], ["complex64", [4]]);
    t.deepEqual(pairs(clone), [1, 5, 2, 6, 3, 7, 4, 8]);
    t.deepEqual([...tf.real(clone).dataSync()], [1, 2, 3, 4]);
    t.deepEqual([...tf.imag(clone).dataSync()], [5, 6, 7, 8]);
    t.deepEqual(pairs(tf.complex(2, -3)), [2, -3]);
  });
});

test("numbers add, subtract and multiply, with broadcasting and with real ones", (t) => {
  tf.tidy(() => {
    const column = tf.complex([[1], [0]], [[2], [1]]);
    const row = tf.complex([3, 0, 1], [4, -1, 0]);
    t.deepEqual(pairs(tf.add(column, row)), [4, 6, 1, 1, 2, 2, 3, 5, 0, 0, 1, 1]);
    t.deepEqual(pairs(tf.sub(row, 1)), [2, 4, -1, -1, 0, 0]);
    // (1 + 2i)(3 + 4i) = -5 + 10i, (1 + 2i)(-i) = 2 - i; i · (3 + 4i) = -4 + 3i, i · (-i) = 1
    const product = tf.mul(column, row);
    t.deepEqual(product.shape, [2, 3]);
    t.deepEqual(pairs(product), [-5, 10, 2, -1, 1, 2, -4, 3, 1, 0, 0, 1]);
    t.deepEqual(pairs(tf.mul(tf.tensor1d([2, 2, 2]), row)), [6, 8, 0, -2, 2, 0]);
    t.deepEqual(pairs(tf.neg(row)), [-3, -4, -0, 1, -1, -0]);
  });
});

test("a product whose terms nearly cancel keeps its digits", (t) => {
  const a = Math.fround(1.0000001);
  tf.tidy(() => {
    const x = tf.complex(a, 1);
    t.deepEqual(pairs(tf.mul(x, x)), [Math.fround(a * a - 1), Math.fround(2 * a)]);
  });
});

test("the magnitude neither overflows nor underflows on the way", (t) => {
  tf.tidy(() => {
    const y = tf.abs(tf.complex([3e37, 3e-30, -5], [4e37, 4e-30, 12]));
    t.is(y.dtype, "float32");
    t.deepEqual([...y.dataSync()], [5e37, 5e-30, 13].map(Math.fround));
  });
});

test("types convert as on tfjs's other backends", (t) => {
  tf.tidy(() => {
    const x = tf.complex([1.5, 0, -2.5], [3, 4, 5]);
    t.deepEqual([...tf.cast(x, "float32").dataSync()], [1.5, 0, -2.5]);
    t.deepEqual([...tf.cast(x, "int32").dataSync()], [1, 0, -2]);
    t.deepEqual([...tf.cast(x, "bool").dataSync()], [1, 0, 1]);
    t.deepEqual(pairs(tf.cast(tf.tensor1d([7, 8], "int32"), "complex64")), [7, 0, 8, 0]);
    t.deepEqual(pairs(tf.cast(tf.tensor1d([1, 0], "bool"), "complex64")), [1, 0, 0, 0]);
    t.deepEqual(pairs(tf.zerosLike(x)), [0, 0, 0, 0, 0, 0]);
    t.deepEqual(pairs(tf.onesLike(x)), [1, 0, 1, 0, 1, 0]);
  });
});

const moves: readonly [string, (x: Tensor) => Tensor][] = [
  ["concat", (x) => tf.concat([x, x], 1)],
  ["stack", (x) => tf.stack([x, x], 1)],
  ["slice", (x) => tf.slice(x, [0, 1], [2, 2])],
  ["stridedSlice", (x) => tf.stridedSlice(x, [0, 0], [2, 3], [1, 2], 0, 0, 0, 0, 1)],
  ["transpose", (x) => tf.transpose(x)],
  ["reverse", (x) => tf.reverse(x, 1)],
  ["gather", (x) => tf.gather(x, tf.tensor1d([2, 0], "int32"), 1)],
  ["tile", (x) => tf.tile(x, [2, 1])],
  ["split", (x) => tf.split(x, [1, 2], 1)[1]],
  ["unstack", (x) => tf.unstack(x, 1)[2]],
  ["expandDims", (x) => tf.expandDims(x, 1)],
  [
    "pad with zeros",
    (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 1],
      ]),
  ],
  ["sum", (x) => tf.sum(x, 0)],
  ["addN", (x) => tf.addN([x, x])],
];

for (const [name, move] of moves) {
  test(`${name} does to a complex tensor what it does to its parts`, (t) => {
    const draw = new Draw(3);
    tf.tidy(() => {
      const real = tf.tensor2d(Float32Array.from(draw.floats(6)), [2, 3]);
      const imag = tf.tensor2d(Float32Array.from(draw.floats(6)), [2, 3]);
      const y = move(tf.complex(real, imag));
      t.is(y.dtype, "complex64");
      t.deepEqual(y.shape, move(real).shape);
      t.deepEqual(tf.real(y).arraySync(), move(real).arraySync());
      t.deepEqual(tf.imag(y).arraySync(), move(imag).arraySync());
    });
  });
}

test("padding a complex tensor adds the value to its real part", (t) => {
  tf.tidy(() => {
    t.deepEqual(pairs(tf.pad(tf.complex([1], [2]), [[1, 1]], 9)), [9, 0, 1, 2, 9, 0]);
  });
});

test("a gradient passes through a complex number", (t) => {
  tf.tidy(() => {
    const through = (x: Tensor): Tensor => tf.cast(tf.reshape(tf.cast(x, "complex64"), [-1]), "float32");
    const dx = tf.grad((x) => tf.mul(through(x), tf.tensor1d([1, 2, 3, 4])))(tf.ones([2, 2]));
    t.deepEqual(dx.arraySync(), [
      [1, 2],
      [3, 4],
    ]);
  });
});

test("an operation that cannot calculate with complex numbers refuses them, ours and tfjs's", (t) => {
  tf.tidy(() => {
    const x = tf.complex([[1, 2]], [[3, 4]]);
    const refused = { code: "TAPE_TYPE", message: /backend 'wasm' has no kernel \w+ for complex64/ };
    t.throws(() => tf.relu(x), refused);
    t.throws(() => tf.max(x), refused);
    t.throws(() => tf.div(x, 2), refused);
    t.throws(() => tf.matMul(x as Tensor2D, x as Tensor2D, false, true), refused);
    t.throws(() => tf.real(tf.tensor1d([1])), {
      code: "TAPE_TYPE",
      message: /no kernel Real for float32/,
    });
  });
});

test("no block of memory stays behind", (t) => {
  const backend = tf.findBackend("wasm") as unknown as { numDataIds(): number };
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()];
  tf.tidy(() => {
    const x = tf.complex(tf.ones([2, 3]), tf.ones([2, 3]));
    for (const [, move] of moves) move(x);
    tf.mul(tf.add(x, 1), tf.sub(tf.complex(1, 2), x));
    tf.ifft(tf.fft(x));
    tf.cast(tf.onesLike(tf.zerosLike(x)), "bool");
    tf.abs(x);
  });
  t.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()], before);
});
