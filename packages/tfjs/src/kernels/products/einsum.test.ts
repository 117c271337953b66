import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { numericalGradient } from "@convoy/core/test/numerical_gradient";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 4, d: 5, e: 1 };

const shapeOf = (term: string): number[] => term.split("").map((axis) => sizes[axis]);
const count = (term: string): number => shapeOf(term).reduce((product, size) => product * size, 1);

/** By the definition: every axis counts from 0, and each number of the result gathers its products. */
function reference(equation: string, tensors: readonly ArrayLike<number>[]): Float64Array {
  const [inputs, output] = equation.split("->");
  const terms = inputs.split(",");
  const axes = [...new Set(inputs.replaceAll(",", ""))];
  const y = new Float64Array(count(output));
  const indices: Record<string, number> = {};
  const at = (term: string): number => term.split("").reduce((index, axis) => index * sizes[axis] + indices[axis], 0);
  const walk = (depth: number): void => {
    if (depth === axes.length) {
      y[at(output)] += terms.reduce((product, term, n) => product * tensors[n][at(term)], 1);
      return;
    }
    for (let i = 0; i < sizes[axes[depth]]; i++) {
      indices[axes[depth]] = i;
      walk(depth + 1);
    }
  };
  walk(0);
  return y;
}

/** An equation of one or two terms, whose axes and result are drawn. */
function randomEquation(draw: Draw): string {
  const terms = Array.from({ length: draw.integer(1, 2) }, () =>
    draw
      .order(5)
      .slice(0, draw.integer(0, 4))
      .map((n) => "abcde"[n])
      .join(""),
  );
  const axes = [...new Set(terms.join(""))].filter(() => draw.chance(0.6));
  return `${terms.join(",")}->${draw
    .order(axes.length)
    .map((n) => axes[n])
    .join("")}`;
}

test("any equation of one or two tensors is the sum that it says", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 600; i++) {
    const equation = randomEquation(draw);
    const terms = equation.split("->")[0].split(",");
    // Of one sign, so that no sum is close to zero, and its error large beside it.
    const values = terms.map((term) => Float32Array.from(draw.floats(count(term), 0.2, 1)));
    tf.tidy(() => {
      const y = tf.einsum(equation, ...values.map((x, n) => tf.tensor(x, shapeOf(terms[n]))));
      t.deepEqual(y.shape, shapeOf(equation.split("->")[1]), equation);
      const distance = relativeDistance(y.dataSync(), reference(equation, values));
      t.true(distance < 1e-5, `${equation}: ${distance}`);
    });
  }
});

test("its gradient is that of finite differences, in every tensor", (t) => {
  const draw = new Draw(2);
  for (let i = 0; i < 60; i++) {
    const equation = randomEquation(draw);
    const [inputs, output] = equation.split("->");
    const terms = inputs.split(",");
    const values = terms.map((term) => Float64Array.from(Float32Array.from(draw.floats(count(term)))));
    const dy = Float32Array.from(draw.floats(count(output)));
    const loss = (): number => reference(equation, values).reduce((sum, y, n) => sum + y * dy[n], 0);
    tf.tidy(() => {
      const tensors = values.map((x, n) => tf.tensor(Float32Array.from(x), shapeOf(terms[n])));
      const gradients = tf.grads((...x: Tensor[]) => tf.einsum(equation, ...x))(
        tensors,
        tf.tensor(dy, shapeOf(output)),
      );
      for (const [n, gradient] of gradients.entries()) {
        t.deepEqual(gradient.shape, shapeOf(terms[n]), equation);
        const distance = relativeDistance(gradient.dataSync(), numericalGradient(loss, values[n]));
        t.true(distance < 1e-4, `${equation}, tensor ${n}: ${distance}`);
      }
    });
  }
});

test("whole numbers stay whole, and truth values are counted", (t) => {
  tf.tidy(() => {
    const whole = tf.tensor2d([1, 2, 3, 4], [2, 2], "int32");
    const product = tf.einsum("ab,bc->ac", whole, whole);
    t.deepEqual([product.dtype, ...product.dataSync()], ["int32", 7, 10, 15, 22]);
    const half = tf.einsum("ab,bc->ac", whole, tf.tensor2d([0.5, 0, 0, 0.5], [2, 2]));
    t.deepEqual([half.dtype, ...half.dataSync()], ["float32", 0.5, 1, 1.5, 2]);
    const flags = tf.tensor1d([true, true, false], "bool");
    t.deepEqual([...tf.einsum("a,a->", flags, flags).dataSync()], [2]);
  });
});

test("nothing is kept, and a result that is the tensor itself can be disposed alone", (t) => {
  const x = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3]);
  const w = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const backend = tf.backend() as unknown as { numDataIds(): number };
  const before = [tf.memory().numTensors, backend.numDataIds()];
  for (const equation of ["abc,cd->adb", "abc,cd->", "abc,cd->abcd"]) tf.einsum(equation, x, w).dispose();
  tf.einsum("abc->abc", x).dispose();
  tf.einsum("abc->ca", x).dispose();
  t.deepEqual([tf.memory().numTensors, backend.numDataIds()], before);
  t.deepEqual([...x.dataSync()], [1, 2, 3, 4, 5, 6]);
  tf.dispose([x, w]);
});

test("equations that do not fit the tensors are refused", (t) => {
  tf.tidy(() => {
    const x = tf.ones([2, 3]);
    t.throws(() => tf.einsum("a->a", x), { code: "EINSUM_EQUATION", message: /1 axes, but its shape is \[2, 3\]/ });
    t.throws(() => tf.einsum("ab->aa", x), { code: "EINSUM_EQUATION", message: /twice/ });
    t.throws(() => tf.einsum("aa->a", x), { message: /not implemented yet/ });
    t.throws(() => tf.einsum("ab,cb->ac", x, tf.ones([2, 2])), { message: /Expected dimension 3/ });
  });
});
