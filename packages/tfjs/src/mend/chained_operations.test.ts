import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { tensorflow } from "../../test/tensorflow.ts";
import { registerChainedOperations } from "./chained_operations.ts";

await tensorflow();

/** The names that tfjs's own spec asks for. */
function namesOfTfjs(): readonly string[] {
  const dist = path.dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core"));
  const spec = readFileSync(path.join(dist, "public/chained_ops/register_all_chained_ops_test.js"), "utf8");
  const list = /CHAINED_OPS = \[([^\]]*)\]/.exec(spec)?.[1] ?? "";
  return [...new Set([...list.matchAll(/'(\w+)'/g)].map(([, name]) => name))];
}

type Method = (...parameters: unknown[]) => Tensor;

function method(x: unknown, name: string): Method {
  const methods = x as Record<string, Method>;
  return (...parameters) => methods[name](...parameters);
}

const matrix = (): Tensor => tf.tensor2d([1, 2, 3, 4], [2, 2]);
const image = (): Tensor => tf.tensor3d([1, 2, 3, 4], [2, 2, 1]);
const halves = (): Tensor => tf.tensor1d([1.5, 0]);

/** Methods that are not the operation of their name with the tensor in front: what each gives. */
const others: Readonly<Record<string, { x: () => Tensor; parameters?: () => unknown[]; gives: unknown }>> = {
  as1D: { x: matrix, gives: [1, 2, 3, 4] },
  as2D: { x: matrix, parameters: () => [4, 1], gives: [[1], [2], [3], [4]] },
  as3D: { x: matrix, parameters: () => [1, 1, 4], gives: [[[1, 2, 3, 4]]] },
  as4D: { x: matrix, parameters: () => [1, 1, 1, 4], gives: [[[[1, 2, 3, 4]]]] },
  as5D: { x: matrix, parameters: () => [1, 1, 1, 1, 4], gives: [[[[[1, 2, 3, 4]]]]] },
  asScalar: { x: () => tf.tensor2d([7], [1, 1]), gives: 7 },
  asType: { x: halves, parameters: () => ["bool"], gives: [1, 0] },
  concat: {
    x: matrix,
    parameters: () => [matrix(), 1],
    gives: [
      [1, 2, 1, 2],
      [3, 4, 3, 4],
    ],
  },
  flatten: { x: matrix, gives: [1, 2, 3, 4] },
  reshapeAs: { x: matrix, parameters: () => [tf.zeros([4])], gives: [1, 2, 3, 4] },
  resizeBilinear: { x: image, parameters: () => [[1, 1], false, true], gives: [[[2.5]]] },
  resizeNearestNeighbor: { x: image, parameters: () => [[1, 1]], gives: [[[1]]] },
  stack: {
    x: halves,
    parameters: () => [[halves()], 1],
    gives: [
      [1.5, 1.5],
      [0, 0],
    ],
  },
  toBool: { x: halves, gives: [1, 0] },
  toFloat: { x: () => tf.tensor1d([3], "int32"), gives: [3] },
  toInt: { x: halves, gives: [1, 0] },
  where: { x: halves, parameters: () => [tf.tensor1d([0, 1], "bool"), tf.ones([2])], gives: [1, 0] },
};

test("every method that tfjs has hands the tensor and its arguments on to the operation of its name", (t) => {
  const names = namesOfTfjs().filter((name) => !(name in others));
  t.true(names.length > 100);
  class FakeTensor {
    throwIfDisposed(): void {}
  }
  const echoes = names.map((name) => [name, (...parameters: unknown[]) => [name, ...parameters]]);
  const fake = { ...Object.fromEntries(echoes), Tensor: FakeTensor, image: {} };
  registerChainedOperations(fake as never);
  const x = new FakeTensor() as unknown as Record<string, (...parameters: unknown[]) => unknown>;
  for (const name of names) t.deepEqual(x[name]?.(7, "b"), [name, x, 7, "b"]);
});

for (const [name, { x, parameters, gives }] of Object.entries(others)) {
  test(`${name} does what it does in tfjs`, (t) => {
    tf.tidy(() => t.deepEqual<unknown, unknown>(method(x(), name)(...(parameters?.() ?? [])).arraySync(), gives));
  });
}

test("a method that is there already stays, and a disposed tensor is refused", (t) => {
  const methods = tf.Tensor.prototype as unknown as Record<string, Method>;
  const before = methods["relu"];
  registerChainedOperations(tf);
  t.is(methods["relu"], before);
  const x = tf.tensor1d([1]);
  x.dispose();
  t.throws(() => method(x, "relu")(), { message: /disposed/ });
  t.throws(() => method(tf.ones([2]), "asScalar")(), { message: /only 1 element/ });
});
