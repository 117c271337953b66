import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();
const { fround } = Math;

const operations: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  SquaredDifference: (a, b) => fround(a - b) ** 2,
  Maximum: Math.max,
  Minimum: Math.min,
  Prelu: (a, b) => (a < 0 ? a * b : a),
  Greater: (a, b) => Number(a > b),
  GreaterEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessEqual: (a, b) => Number(a <= b),
  Equal: (a, b) => Number(a === b),
  NotEqual: (a, b) => Number(a !== b),
};

const run = (kernelName: string, a: Tensor, b: Tensor): Tensor =>
  tf.engine().runKernel(kernelName, kernelName === "Prelu" ? { x: a, alpha: b } : { a, b });

/** Where the value for this index lies: an axis of size 1 has the same everywhere. */
const place = (of: number[], at: number[]): number =>
  of.reduce((offset, size, d) => offset * size + (size === 1 ? 0 : at[at.length - of.length + d]), 0);

/** a ∘ b by the definition of broadcasting. */
function expected(f: (a: number, b: number) => number, a: Tensor, b: Tensor, shape: number[]): number[] {
  const [aValues, bValues] = [a.dataSync(), b.dataSync()];
  return Array.from({ length: shape.reduce((x, y) => x * y, 1) }, (_, i) => {
    const at: number[] = [];
    for (const size of shape.toReversed()) {
      at.unshift(i % size);
      i = Math.floor(i / size);
    }
    return fround(f(aValues[place(a.shape, at)], bValues[place(b.shape, at)]));
  });
}

const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 2.5, -2.5, 1e-40, 3e38];

for (const [name, f] of Object.entries(operations)) {
  test(`${name} of NaN, infinities and zeros is as in JavaScript`, (t) => {
    const a = special.flatMap((value) => special.map(() => value));
    const b = special.flatMap(() => special);
    const found = tf.tidy(() => [...run(name, tf.tensor1d(a), tf.tensor1d(b)).dataSync()]);
    t.deepEqual(
      found,
      a.map((value, i) => fround(f(fround(value), fround(b[i])))),
    );
  });

  test(`${name} broadcasts shapes of up to six axes, and scalars`, (t) => {
    const draw = new Draw(1);
    const value = (): number => draw.pick([-2, -1.5, -1, -0.25, 0.5, 1, 3]);
    for (let i = 0; i < 150; i++) {
      const rank = draw.integer(0, 6);
      const sizes = Array.from({ length: rank }, () => draw.pick(i % 3 === 0 ? [1, 3, 17] : [1, 2, 3]));
      const part = (): number[] =>
        sizes.slice(draw.integer(0, rank)).map((size) => (draw.integer(0, 2) === 0 ? 1 : size));
      const shapes = draw.pick([
        [sizes, part()],
        [part(), sizes],
        [part(), part()],
      ]);
      tf.tidy(() => {
        const [a, b] = shapes
          .map((shape) => tf.fill(shape, 0))
          .map((x) => {
            return tf.tensor(Float32Array.from({ length: x.size }, value), x.shape);
          });
        const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
        const y = run(name, a, b);
        t.deepEqual(y.shape, shape);
        t.deepEqual([...y.dataSync()], expected(f, a, b, shape), JSON.stringify(shapes));
      });
    }
  });

  test(`${name} of many rows with one row is the same for any number of columns`, (t) => {
    for (const columns of [2, 3, 10, 16, 63, 64, 65, 130]) {
      for (const rows of [2, 7, 50, 129]) {
        tf.tidy(() => {
          const many = tf.tensor2d(
            Float32Array.from({ length: rows * columns }, (_, i) => ((i * 7) % 11) - 5),
            [rows, columns],
          );
          const one = tf.tensor1d(Float32Array.from({ length: columns }, (_, i) => ((i * 5) % 7) - 3));
          const about = `${rows} ${columns}`;
          t.deepEqual([...run(name, many, one).dataSync()], expected(f, many, one, many.shape), about);
          t.deepEqual([...run(name, one, many).dataSync()], expected(f, one, many, many.shape), about);
        });
      }
    }
  });
}

test("shapes that cannot be broadcast are refused", (t) => {
  t.throws(() => tf.add([1, 2, 3], [1, 2]), { message: /could not be broadcast/ });
});

test("integers are divided exactly, and broadcast", (t) => {
  tf.tidy(() => {
    const a = tf.tensor2d([16777217, -7, 7, 0], [2, 2], "int32");
    t.deepEqual([...tf.floorDiv(a, tf.tensor1d([1, 2], "int32")).dataSync()], [16777217, -4, 7, 0]);
    t.deepEqual([...tf.floorDiv(a, tf.scalar(0, "int32")).dataSync()], [0, 0, 0, 0]);
  });
});

test("and joins truth values of any number", (t) => {
  for (let length = 0; length < 40; length++) {
    const a = Uint8Array.from({ length }, (_, i) => i & 1);
    const b = Uint8Array.from({ length }, (_, i) => (i >> 1) & 1);
    const y = tf.tidy(() => [...tf.logicalAnd(tf.tensor1d(a, "bool"), tf.tensor1d(b, "bool")).dataSync()]);
    t.deepEqual(
      y,
      Array.from({ length }, (_, i) => Number(i % 4 === 3)),
    );
  }
});
