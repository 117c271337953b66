import type { NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

const run = (kernelName: string, x: Tensor, attributes: NamedAttrMap = {}): Tensor =>
  tf.engine().runKernel(kernelName, { x }, attributes);

/** JavaScript's log1p and expm1 in float64, which these are written with. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const selu = (x: number): number => (x < 0 ? 1.7580993408473766 * Math.expm1(x) : 1.0507009873554805 * x);

interface Case {
  readonly f: (x: number) => number;
  /** The largest error, in units in the last place of the right float32. */
  readonly ulp: number;
  readonly attributes?: NamedAttrMap;
}

const cases: Record<string, Case> = {
  Abs: { f: Math.abs, ulp: 0 },
  ClipByValue: { f: (x) => Math.min(Math.max(x, -1), 3), ulp: 0, attributes: { clipValueMin: -1, clipValueMax: 3 } },
  Cos: { f: Math.cos, ulp: 0.5 },
  Exp: { f: Math.exp, ulp: 1 },
  Expm1: { f: Math.expm1, ulp: 1.5 },
  LeakyRelu: { f: (x) => (x < 0 ? x * 0.25 : x), ulp: 0.5, attributes: { alpha: 0.25 } },
  Log: { f: Math.log, ulp: 1 },
  Log1p: { f: Math.log1p, ulp: 2.5 },
  Reciprocal: { f: (x) => 1 / x, ulp: 0.5 },
  Relu: { f: (x) => (x < 0 ? 0 : x), ulp: 0 },
  Relu6: { f: (x) => Math.min(Math.max(x, 0), 6), ulp: 0 },
  Rsqrt: { f: (x) => 1 / Math.sqrt(x), ulp: 1.5 },
  Selu: { f: selu, ulp: 2 },
  Sign: { f: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0), ulp: 0 },
  Sin: { f: Math.sin, ulp: 0.5 },
  Softplus: { f: softplus, ulp: 2.5 },
  Sqrt: { f: Math.sqrt, ulp: 0.5 },
  Step: { f: (x) => (x > 0 ? 1 : Number.isNaN(x) ? NaN : 0.5), ulp: 0, attributes: { alpha: 0.5 } },
  Tanh: { f: Math.tanh, ulp: 2 },
};

/** |found - right| in units in the last place of the right float32; the smallest normal number's for smaller ones. */
function error(found: number, right: number): number {
  const rounded = Math.fround(right);
  if (Object.is(found, rounded) || found === right) return 0;
  if (!Number.isFinite(rounded) || !Number.isFinite(found)) return Infinity;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(right))), -126);
  return Math.abs(found - right) / 2 ** (exponent - 23);
}

/** Numbers of all sizes and both signs: evenly from -110 to 110, and evenly in their exponents. */
const numbers = Float32Array.from({ length: 50_001 }, (_, i) => {
  const fraction = (i * 0.618_033_988_749_895) % 1;
  if (i % 2 === 0) return (fraction - 0.5) * 220;
  return (i % 4 === 1 ? 1 : -1) * 2 ** (fraction * 276 - 149);
});

const special = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  88.72,
  88.73,
  -87.4,
  -103.9,
  -104.1,
  3.4e38,
  1e-45,
  -1e-45,
  20,
];

for (const [name, { f, ulp, attributes }] of Object.entries(cases)) {
  test(`${name} is float64's within ${ulp} units in the last place, over all sizes and both signs`, (t) => {
    const y = tf.tidy(() => run(name, tf.tensor1d(numbers), attributes).dataSync());
    let worst = 0;
    let at = 0;
    for (const [i, x] of numbers.entries()) {
      const e = error(y[i], f(x));
      if (e > worst) [worst, at] = [e, x];
    }
    t.true(worst <= ulp, `${worst} at ${at}`);
  });

  test(`${name} of NaN, infinities, zeros and borders is as in JavaScript, in vectors of any length`, (t) => {
    const values = Float32Array.from(special);
    for (let length = 0; length <= values.length; length++) {
      const y = tf.tidy(() => run(name, tf.tensor1d(values.subarray(0, length)), attributes).dataSync());
      t.is(y.length, length);
      for (let i = 0; i < length; i++) t.true(error(y[i], f(values[i])) <= ulp, `${values[i]} ${y[i]}`);
    }
  });
}

test("NaN of either sign travels", (t) => {
  const signs = new Float32Array(new Uint32Array([0x7fc00000, 0xffc00000, 0x7fc00000, 0xffc00000, 0xffc00000]).buffer);
  for (const [name, { attributes }] of Object.entries(cases)) {
    const y = tf.tidy(() => run(name, tf.tensor1d(signs), attributes).dataSync());
    t.deepEqual([...y], name === "Sign" ? [0, 0, 0, 0, 0] : [NaN, NaN, NaN, NaN, NaN], name);
  }
});

test("zero keeps its sign", (t) => {
  for (const name of ["Expm1", "Log1p", "Selu", "Sin", "Sqrt", "Tanh"]) {
    const y = tf.tidy(() => run(name, tf.tensor1d([-0])).dataSync());
    t.true(Object.is(y[0], -0), name);
  }
});

test("integers and truth values are computed as numbers", (t) => {
  const check = (name: string, x: number[], dtype: "int32" | "bool", right: number[]): void => {
    const attributes = name === "ClipByValue" ? { clipValueMin: -1, clipValueMax: 6 } : { alpha: 0 };
    const y = tf.tidy(() => run(name, tf.tensor1d(x, dtype), attributes).dataSync());
    t.deepEqual([...y], right, `${name} ${dtype}`);
  };
  check("Abs", [-16777217, 3], "int32", [16777217, 3]);
  check("ClipByValue", [-7, 0, 100], "int32", [-1, 0, 6]);
  check("Log1p", [0, 100, -1], "int32", [0, 4, 0]);
  check("Reciprocal", [1, -1, 7], "int32", [1, -1, 0]);
  check("Acosh", [1, 100], "int32", [0, 5]);
  check("Asinh", [-100, 100], "int32", [-5, 5]);
  for (const name of ["Abs", "Relu", "Relu6", "Sign", "Step", "LeakyRelu", "Square", "Round", "Sinh"]) {
    check(name, [1, 0, 1], "bool", [1, 0, 1]);
  }
  check("Exp", [1, 0], "bool", [Math.fround(Math.E), 1]);
});
