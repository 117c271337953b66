import type { NamedAttrMap, Tensor, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

// Shapes, strides, paddings and rounding: test/random_pool.test.ts.

type Cube = (values: number[]) => Tensor;

const square: Cube = (values) => tf.tensor4d(values, [1, 2, 2, 1]);
const column: Cube = (values) => tf.tensor5d(values, [1, 4, 1, 1, 1]);

const maxima = [
  ["2-D", square, (x: Tensor) => tf.maxPool(x as Tensor4D, 2, 2, "valid")],
  ["3-D", column, (x: Tensor) => tf.maxPool3d(x as Tensor5D, [4, 1, 1], [4, 1, 1], "valid")],
] as const;

const averages = [
  ["2-D", square, (x: Tensor) => tf.avgPool(x as Tensor4D, 2, 2, "valid")],
  ["3-D", column, (x: Tensor) => tf.avgPool3d(x as Tensor5D, [4, 1, 1], [4, 1, 1], "valid")],
] as const;

for (const [rank, cube, pool] of averages) {
  test(`NaN travels through the ${rank} average pool and back`, (t) => {
    tf.tidy(() => {
      for (let place = 0; place < 4; place++) {
        const cells = [1, 2, 3, 4].with(place, NaN);
        const y = pool(cube(cells));
        t.deepEqual([...y.dataSync()], [NaN]);
        t.is(tf.grad(pool)(cube(cells), tf.fill(y.shape, 8)).dataSync()[place], 2);
      }
    });
  });
}

for (const [rank, cube, pool] of maxima) {
  test(`the ${rank} max pool ignores NaN, as tfjs does, and its gradient goes to the largest number`, (t) => {
    tf.tidy(() => {
      for (let place = 0; place < 4; place++) {
        for (const other of [undefined, (place + 1) % 4]) {
          const cells = [-1, -2, -3, -4].with(place, NaN);
          if (other !== undefined) cells[other] = NaN;
          const largest = Math.max(...cells.filter((cell) => !Number.isNaN(cell)));
          const y = pool(cube(cells));
          t.deepEqual([...y.dataSync()], [largest]);
          const dx = tf.grad(pool)(cube(cells), tf.fill(y.shape, 8)).dataSync();
          t.deepEqual(
            [...dx],
            cells.map((cell) => (cell === largest ? 8 : 0)),
          );
        }
      }
      t.deepEqual([...pool(cube([NaN, NaN, NaN, NaN])).dataSync()], [-Infinity]);
    });
  });
}

test("NaN is ignored in any channel and any cell, in vectors and beyond, in windows that overlap and those that do not", (t) => {
  for (let channels = 1; channels < 10; channels++) {
    for (const [window, stride] of [
      [2, 2],
      [2, 1],
      [3, 1],
      [4, 2],
    ]) {
      const draw = new Draw(channels);
      const size = 5;
      const cells = Float32Array.from({ length: size * size * channels }, () =>
        draw.chance(0.3) ? NaN : draw.uniform(-2, 1),
      );
      tf.tidy(() => {
        const x = tf.tensor4d(cells, [1, size, size, channels]);
        // Without NaN, -Infinity is the same number to a maximum.
        const numbers = tf.tensor4d(
          cells.map((cell) => (Number.isNaN(cell) ? -Infinity : cell)),
          [1, size, size, channels],
        );
        const run = (input: Tensor): Tensor => tf.maxPool(input as Tensor4D, window, stride, "same");
        t.deepEqual(run(x).dataSync(), run(numbers).dataSync());
        t.deepEqual(tf.grad(run)(x).dataSync(), tf.grad(run)(numbers).dataSync());
        const [found, right] = [x, numbers].map((input) => tf.maxPoolWithArgmax(input, window, stride, "same"));
        t.deepEqual(found.result.dataSync(), right.result.dataSync());
        t.deepEqual(found.indexes.dataSync(), right.indexes.dataSync());
      });
    }
  }
});

for (const [rank, cube, pool] of maxima) {
  test(`of equal cells the first one gets the gradient of the ${rank} pool, and of minus infinities as well`, (t) => {
    tf.tidy(() => {
      for (const value of [5, 0, -5, -Infinity]) {
        t.deepEqual(
          [
            ...tf
              .grad(pool)(cube([value, value, value, value]))
              .dataSync(),
          ],
          [1, 0, 0, 0],
        );
      }
    });
  });
}

test("a window that lies in the padding reads nothing beyond the image", (t) => {
  // Pad 2 around one pixel, windows of one cell, stride 2: of 3×3 windows only the middle one has a cell.
  tf.tidy(() => {
    const x = tf.tensor4d([7], [1, 1, 1, 1]);
    const max = (input: Tensor): Tensor => tf.maxPool(input as Tensor4D, 1, 2, 2);
    const none = -Infinity;
    t.deepEqual([...max(x).dataSync()], [none, none, none, none, 7, none, none, none, none]);
    t.deepEqual([...tf.grad(max)(x).dataSync()], [1]);
    const average = (input: Tensor): Tensor => tf.avgPool(input as Tensor4D, 1, 2, 2);
    t.deepEqual([...average(x).dataSync()], [NaN, NaN, NaN, NaN, 7, NaN, NaN, NaN, NaN]);
    t.deepEqual([...tf.grad(average)(x).dataSync()], [1]);
  });
});

test("windows of one cell, as many as the image has, give the image itself, whatever strides and padding say", (t) => {
  tf.tidy(() => {
    // tfjs's specs: with padding 1 and stride 2 the first of four windows lies in the padding.
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    for (const pool of [tf.maxPool, tf.avgPool]) {
      t.deepEqual([...pool(x, 1, 2, 1).dataSync()], [1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });
});

test("the maximum of whole numbers and truth values, which the stock kernels read as floats", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d([-(2 ** 31), 2 ** 24 + 1, 2 ** 24, -5], [1, 2, 2, 1], "int32");
    const y = tf.maxPool(x, 2, 1, "same");
    t.deepEqual([y.dtype, ...y.dataSync()], ["int32", 2 ** 24 + 1, 2 ** 24 + 1, 2 ** 24, -5]);
    const { result, indexes } = tf.maxPoolWithArgmax(x, 2, 1, "same", true);
    t.deepEqual([...result.dataSync(), ...indexes.dataSync()], [...y.dataSync(), 1, 1, 2, 3]);
    const bools = tf.maxPool(tf.tensor4d([0, 1, 0, 0], [1, 2, 2, 1], "bool"), 1, 2, "same");
    t.deepEqual([bools.dtype, ...bools.dataSync()], ["bool", 0]);
  });
});

test("the maximum comes with its place: the first of equal ones, in the image or in the batch", (t) => {
  tf.tidy(() => {
    // Two images of 2×3 pixels of two channels, windows of 2×2 at stride 1.
    const x = tf.tensor4d(
      [-1, -6, -2, -5, -2, -4, -3, -3, -2, -2, -9, -1, 0, NaN, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5],
      [2, 2, 3, 2],
    );
    const inImage = tf.maxPoolWithArgmax(x, 2, 1, "valid");
    t.deepEqual([...inImage.result.dataSync()], [-1, -2, -2, -1, 0, 4, 0, 5]);
    t.deepEqual([...inImage.indexes.dataSync()], [0, 9, 2, 11, 0, 9, 2, 11]);
    const inBatch = tf.maxPoolWithArgmax(x, 2, 1, "valid", true);
    t.deepEqual([...inBatch.indexes.dataSync()], [0, 9, 2, 11, 12, 21, 14, 23]);
    t.is(inBatch.indexes.dtype, "int32");
  });
});

test("maxima and their places are the first ones of each channel, in vectors and beyond", (t) => {
  for (let channels = 1; channels < 10; channels++) {
    // The cell of channel c in pixel p is largest where p = c mod 4, and in every pixel where c is 4.
    const cells = Float32Array.from({ length: 4 * channels }, (_, i) => {
      const c = i % channels;
      return c === 4 || Math.floor(i / channels) === c % 4 ? -1 - c : -100;
    });
    tf.tidy(() => {
      const { result, indexes } = tf.maxPoolWithArgmax(tf.tensor4d(cells, [1, 2, 2, channels]), 2, 2, "valid");
      const expected = Array.from({ length: channels }, (_, c) => c);
      t.deepEqual(
        [...result.dataSync()],
        expected.map((c) => -1 - c),
      );
      t.deepEqual(
        [...indexes.dataSync()],
        expected.map((c) => (c % 4) * channels + c),
      );
    });
  }
});

test("the places that a padded window counts are the image's", (t) => {
  tf.tidy(() => {
    const { result, indexes } = tf.maxPoolWithArgmax(tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]), 2, 1, "same");
    t.deepEqual([...result.dataSync()], [-1, -1, -1, -1]);
    t.deepEqual([...indexes.dataSync()], [3, 3, 3, 3]);
  });
});

const kernels = ["MaxPool", "AvgPool", "MaxPool3D", "AvgPool3D", "MaxPoolWithArgmax"];

test("averages of integers, channels first and windows that fit nowhere are refused in one line", (t) => {
  tf.tidy(() => {
    for (const kernel of kernels) {
      const run = (dtype: "int32" | "float32", settings: NamedAttrMap, dy?: Tensor): void => {
        const x = tf.ones(kernel.endsWith("3D") ? [1, 2, 2, 2, 1] : [1, 2, 2, 1], dtype);
        const attributes = { filterSize: 2, strides: 1, pad: "valid", ...settings };
        if (dy === undefined) tf.engine().runKernel(kernel, { x }, attributes);
        else tf.engine().runKernel(`${kernel}Grad`, { dy, input: x }, attributes);
      };
      if (kernel.startsWith("Avg")) t.throws(() => run("int32", {}), { code: "TAPE_TYPE" });
      t.throws(() => run("float32", { dataFormat: "NCDHW" }), { code: "TAPE_DATA_FORMAT" });
      if (!kernel.endsWith("3D")) t.throws(() => run("float32", { filterSize: 3 }), { code: "TAPE_WINDOW" });
      if (kernel === "MaxPoolWithArgmax") continue;
      t.throws(() => run("float32", {}, tf.ones([2, 1, 1, 1, 1])), { code: "TAPE_SHAPE" });
      t.throws(() => run("float32", {}, tf.ones([1, 1, 1, 1, 1], "int32")), { code: "TAPE_TYPE" });
    }
  });
});

test("images of another rank are refused", (t) => {
  tf.tidy(() => {
    const attributes = { filterSize: 2, strides: 1, pad: "valid" };
    for (const kernel of kernels) {
      t.throws(() => void tf.engine().runKernel(kernel, { x: tf.ones([2, 2, 1]) }, attributes), { code: "TAPE_SHAPE" });
    }
  });
});

test("where no window fits in three dimensions there is no output, and no gradient", (t) => {
  tf.tidy(() => {
    const x = tf.ones([1, 2, 2, 2, 3]);
    for (const pool of [tf.maxPool3d, tf.avgPool3d]) {
      const run = (input: Tensor): Tensor => pool(input as Tensor5D, [1, 1, 4], 1, "valid");
      t.deepEqual(run(x).shape, [1, 2, 2, 0, 3]);
      t.deepEqual([...tf.grad(run)(x).dataSync()], Array<number>(24).fill(0));
    }
  });
});
