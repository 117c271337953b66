import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import "../../src/register.ts";
import { readExpectedFailures } from "./expected_failures.ts";

// Specs of gradients that pass with tfjs's own kernels and fail with ours. What they differentiate is linear, so that the
// differences of a forward pass are its gradient: here of tfjs's own CPU backend, for the specs' own numbers.

interface LinearCase {
  readonly shape: number[];
  /** Ones, if the spec says nothing. */
  readonly dy?: readonly number[];
  readonly forward: (x: Tensor) => Tensor;
}

const padded: LinearCase = {
  shape: [3],
  dy: [10, 20, 30, 40, 50, 60],
  forward: (x) => tf.mirrorPad(x.clone(), [[2, 1]], "reflect").clone(),
};

const cases: Readonly<Record<string, LinearCase>> = {
  "avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit": {
    shape: [1, 3, 3, 1],
    dy: [0, 3, 0, 6, 0, 9, 0, 12],
    forward: (x) =>
      tf.avgPool(image(x), 3, 1, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
  },
  "mirrorPad grad": padded,
  "mirrorPad gradient with clones": padded,
  "depthwiseConv2d gradients throws error on dilations > 1": {
    shape: [2, 2, 2, 3],
    forward(x) {
      const filter = [1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0];
      return tf.depthwiseConv2d(image(x), tf.tensor4d(filter, [2, 2, 3, 2]), 1, "same", "NHWC", 2);
    },
  },
};

function image(x: Tensor): Tensor4D {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tfjs types each rank apart
  return x as Tensor4D;
}

/** The gradient of Σ dy · forward(x), which is linear in x. */
function differences({ shape, dy, forward }: LinearCase): number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, place) =>
    tf.tidy(() => {
      // Of this step, averages of 4, 6 and 9 cells are whole numbers.
      const step = 36;
      const x = Array.from({ length: size }, (__, i) => (i === place ? step : 0));
      const y = [...forward(tf.tensor(x, shape)).dataSync()];
      return y.reduce((sum, each, i) => sum + (dy?.[i] ?? 1) * each, 0) / step;
    }),
  );
}

function gradient({ shape, dy, forward }: LinearCase): number[] {
  return tf.tidy(() => {
    const x = tf.zeros(shape);
    const y = forward(x);
    return [
      ...tf
        .grad(forward)(x, dy === undefined ? tf.onesLike(y) : tf.tensor([...dy], y.shape))
        .dataSync(),
    ];
  });
}

const entries = readExpectedFailures().flatMap(({ right, specs }) => (right === undefined ? [] : [{ right, specs }]));

test("the specs that pass on stock and fail here are those that are shown to be wrong", (t) => {
  t.deepEqual(entries.flatMap(({ specs }) => specs).toSorted(), Object.keys(cases).toSorted());
});

for (const { right, specs } of entries) {
  for (const name of specs) {
    test.serial(`tfjs's own forward pass has the gradient that ours is: ${name}`, async (t) => {
      await tf.setBackend("cpu");
      const expected = differences(cases[name]);
      t.is(expected.join(", "), right);
      await tf.setBackend("wasm");
      t.deepEqual(gradient(cases[name]), expected);
    });
  }
}

test("the page of fixes has a section with each of them", (t) => {
  const page = readFileSync(new URL("../../../../docs/tfjs-wasm-fixes.md", import.meta.url), "utf8");
  const [, section] = page.split("## Specs of tfjs that pass on stock and fail here");
  for (const { right, specs } of entries) {
    for (const name of specs) t.true(section.includes(`\`${name}\``), name);
    t.true(section.includes(`| ${right} |`), right);
  }
});
