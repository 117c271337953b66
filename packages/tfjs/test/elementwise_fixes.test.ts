// What docs/tfjs-wasm-fixes.md says of elementwise and array operations, of optimizers: stock first, then ours.
import type { NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { register, unregister } from "../src/mend/register.ts";
import { tensorflow } from "./tensorflow.ts";

const tf = await tensorflow();
const run = (kernelName: string, x: Tensor, attributes: NamedAttrMap = {}): Tensor =>
  tf.engine().runKernel(kernelName, { x }, attributes);
const ints = (...values: number[]): Tensor => tf.tensor1d(values, "int32");

interface Fix {
  readonly run: () => Tensor;
  readonly stock: readonly number[];
  readonly right: readonly number[];
}

const fixes: Record<string, Fix> = {
  "Abs of int32": { run: () => tf.abs(ints(-16777217)), stock: [16777216], right: [16777217] },
  "ClipByValue of NaN": { run: () => tf.clipByValue(NaN, -1, 1), stock: [-1], right: [NaN] },
  "ClipByValue of int32": {
    run: () => tf.clipByValue(ints(-7, 0, 100), -1, 6),
    stock: [-1082130432, 0, 100],
    right: [-1, 0, 6],
  },
  Cos: { run: () => tf.cos(-1.5), stock: [0.0707373172044754], right: [0.07073719799518585] },
  "FloorDiv of int32": { run: () => tf.floorDiv(ints(16777217), ints(1)), stock: [16777216], right: [16777217] },
  "IsFinite of int32": { run: () => tf.isFinite(ints(-2)), stock: [0], right: [1] },
  "IsNan of int32": { run: () => tf.isNaN(ints(-2)), stock: [1], right: [0] },
  Log1p: { run: () => tf.log1p(1e-7), stock: [1.1920928244535389e-7], right: [9.999999406318238e-8] },
  "Maximum of NaN": { run: () => tf.maximum(1, NaN), stock: [1], right: [NaN] },
  "Minimum of NaN": { run: () => tf.minimum(1, NaN), stock: [1], right: [NaN] },
  "OneHot of float32": {
    run: () => tf.oneHot(ints(1), 2, 5, 0.5, "float32"),
    stock: [0, 7.006492321624085e-45],
    right: [0.5, 5],
  },
  Prelu: {
    run: () => tf.prelu(tf.tensor2d([-1, -1, -1, -1], [2, 2]), tf.tensor2d([2, 3], [2, 1])),
    stock: [-2, -3, -2, -3],
    right: [-2, -2, -3, -3],
  },
  "Reciprocal of int32": { run: () => tf.reciprocal(ints(1)), stock: [2139095040], right: [1] },
  "Relu6 of NaN": { run: () => tf.relu6(NaN), stock: [0], right: [NaN] },
  Selu: { run: () => tf.selu(-1e-7), stock: [-2.0958177060492744e-7], right: [-1.7580993016963475e-7] },
  Sign: { run: () => tf.sign(1e-8), stock: [0], right: [1] },
  Sin: { run: () => tf.sin(-1e-7), stock: [-3.019916050561733e-7], right: [-1.0000000116860974e-7] },
  "centred RMSProp of a gradient of 0": {
    run() {
      const weight = tf.variable(tf.tensor1d([1]));
      const optimizer = tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true);
      optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor1d([0]) }]);
      optimizer.dispose();
      const value = weight.clone();
      weight.dispose();
      return value;
    },
    stock: [NaN],
    right: [1],
  },
};

for (const [name, fix] of Object.entries(fixes)) {
  test.serial(`${name} is wrong on the stock backend, and right on ours`, (t) => {
    const found = (): number[] => tf.tidy(() => [...fix.run().dataSync()]);
    unregister();
    t.teardown(() => register(tf));
    const stock = found();
    register(tf);
    t.deepEqual(stock, [...fix.stock]);
    const ours = found();
    for (const [i, right] of fix.right.entries()) {
      const same = Object.is(ours[i], right) || Math.abs(ours[i] - right) <= Math.abs(right) * 1.2e-7;
      t.true(same, `${ours[i]} ${right}`);
    }
  });
}

test.serial(
  "truth values are numbers on ours, where the stock backend leaves memory as it was, with a warning",
  (t) => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, 0], "bool");
      for (const name of ["Abs", "Neg", "Relu", "Relu6", "Round", "Sign", "Square"]) {
        t.deepEqual([...run(name, x).dataSync()], [1, 0], name);
      }
    });
  },
);
