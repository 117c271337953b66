// What tfjs's own kernels give for the inputs of docs/tfjs-wasm-fixes.md, beside ours.
import type { NamedTensorMap, Rank, Tensor, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import test from "ava";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { register, unregister } from "../../mend/register.ts";

const tf = await tensorflow();

/** Where the stock kernels' running maximum starts: the smallest positive float32, not the lowest. */
const start = 2 ** -126;

const pairs = (x: Tensor): Tensor => tf.maxPool(x as Tensor4D, [1, 2], [1, 2], "valid");
const maxGradient = (cells: number[]): Tensor => tf.grad(pairs)(tf.tensor(cells, [1, 1, 4, 1]));
const average = (x: Tensor): Tensor => tf.avgPool(x as Tensor4D, [1, 2], 1, "same");
const deepAverage = (x: Tensor): Tensor => tf.avgPool3d(x as Tensor5D, [2, 1, 1], 1, "same");

test("the gradient of a max pool without a positive cell, and of equal cells", (t) => {
  // The first window's gradient goes to the wrong cell, the second one's nowhere.
  t.deepEqual(
    stockAndOurs(() => maxGradient([-2, -1, -4, -3])),
    [
      [1, 0, 0, 0],
      [0, 1, 0, 1],
    ],
  );
  t.deepEqual(
    stockAndOurs(() => maxGradient([1, 1, 2, 2])),
    [
      [0, 1, 0, 1],
      [1, 0, 1, 0],
    ],
  );
});

test("the max pool of three dimensions of a window without a positive cell, and its gradient", (t) => {
  const x = tf.tensor5d([-2, -1], [1, 2, 1, 1, 1]);
  const run = (input: Tensor): Tensor => tf.maxPool3d(input as Tensor5D, [2, 1, 1], 1, "valid");
  t.deepEqual(
    stockAndOurs(() => run(x)),
    [[start], [-1]],
  );
  t.deepEqual(
    stockAndOurs(() => tf.grad(run)(x)),
    [
      [1, 0],
      [0, 1],
    ],
  );
});

test("the maximum with its place where no cell of a window is positive", (t) => {
  const x = tf.tensor4d([-2, -1], [1, 1, 2, 1]);
  const pool = (): NamedTensorMap => tf.maxPoolWithArgmax(x, [1, 2], 1, "valid");
  t.deepEqual(
    stockAndOurs(() => pool()["result"]),
    [[start], [-1]],
  );
  t.deepEqual(
    stockAndOurs(() => pool()["indexes"]),
    [[0], [1]],
  );
});

test("NaN in pools", (t) => {
  const cells = [NaN, 1, 2, 3];
  const flat = tf.tensor4d(cells, [1, 2, 2, 1]);
  const deep = tf.tensor5d(cells, [1, 1, 2, 2, 1]);
  t.deepEqual(
    stockAndOurs(() => tf.maxPool(flat, 2, 2, "valid")),
    [[-Infinity], [3]],
  );
  t.deepEqual(
    stockAndOurs(() => tf.avgPool(flat, 2, 2, "valid")),
    [[-Infinity], [NaN]],
  );
  t.deepEqual(
    stockAndOurs(() => tf.maxPool3d(deep, [1, 2, 2], 1, "valid")),
    [[3], [3]],
  );
  t.deepEqual(
    stockAndOurs(() => tf.maxPoolWithArgmax(flat, 2, 2, "valid")["result"]),
    [[3], [3]],
  );
});

test("the gradient of an average pool where padding cuts a window", (t) => {
  // Windows of 1, 2 cells: the mean of the one that is left, dx = 1/2 of the first and all of the second.
  t.deepEqual(
    stockAndOurs(() => tf.grad(average)(tf.ones([1, 1, 2, 1]))),
    [
      [0.5, 1],
      [0.5, 1.5],
    ],
  );
  t.deepEqual(
    stockAndOurs(() => tf.grad(deepAverage)(tf.ones([1, 2, 1, 1, 1]))),
    [
      [0.5, 1],
      [0.5, 1.5],
    ],
  );
});

test("padding 'same' of three dimensions where the stride is longer than the window", (t) => {
  // One window of one cell over three, without padding: the first cell.
  const x = tf.tensor5d([1, 2, 3], [1, 3, 1, 1, 1]);
  t.deepEqual(
    stockAndOurs(() => tf.avgPool3d(x, 1, 3, "same")),
    [[2], [1]],
  );
});

test("padding by a number where windows are not square", (t) => {
  // A row of three cells, windows of 1 × 2: two positions.
  const x = tf.tensor4d([1, 2, 3], [1, 1, 3, 1]);
  t.deepEqual(
    stockAndOurs(() => tf.maxPool(x, [1, 2], 1, 0)).map(({ length }) => length),
    [3, 2],
  );
});

test("the gradient of a pool whose output was rounded up", (t) => {
  // Windows of two over three cells at stride 2: [1, 2] and [3].
  const x = tf.tensor4d([1, 2, 3], [1, 1, 3, 1]);
  const run = (input: Tensor): Tensor =>
    tf.maxPool(
      input as Tensor4D,
      [1, 2],
      [1, 2],
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      "ceil",
    );
  t.deepEqual(
    stockAndOurs(() => tf.grad(run)(x)),
    [
      [0, 1, 0],
      [0, 1, 1],
    ],
  );
});

test("windows that lie in the padding", (t) => {
  // Of nine windows the middle one has the cell. The stock kernel writes it first, and leaves the rest of the memory as it was.
  const x = tf.tensor4d([7], [1, 1, 1, 1]);
  const [stock, ours] = stockAndOurs(() => tf.maxPool(x, 1, 2, 2));
  t.is(stock[0], 7);
  t.deepEqual(ours, [...Array<number>(4).fill(-Infinity), 7, ...Array<number>(4).fill(-Infinity)]);
});

test("windows larger than the image", (t) => {
  const run = (): Tensor => tf.maxPool(tf.ones<Rank.R4>([1, 2, 2, 1]), 4, 1, "valid");
  unregister();
  t.throws(run, { message: "memory access out of bounds" });
  register(tf);
  t.throws(run, { code: "TAPE_WINDOW" });
});
