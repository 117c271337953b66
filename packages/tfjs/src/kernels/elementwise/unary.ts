import type { UnaryName } from "../tfjs_kernels.ts";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, KernelContext, KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { eachNumber } from "./numbers.ts";

interface Settings {
  /** What p and q are in the kernel's formula. */
  readonly parameters?: (attributes: Attributes) => readonly [number, number];
  /** The result for a whole number or a truth value, where the stock kernel's is wrong. */
  readonly integer?: (x: number, p: number, q: number) => number;
  /** What the stock kernel gives for integers, if not their own type. */
  readonly integersGive?: "float32";
}

const none = [0, 0] as const;
const alphaOf = ({ alpha }: Attributes): [number, number] => [alpha as number, 0];
const scaleSelu = 1.0507009873554805;
const scaleAlphaSelu = 1.7580993408473766;

function unary(operation: UnaryName, { parameters, integer, integersGive }: Settings = {}): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { x } = inputs;
    const [p, q] = parameters ? parameters(attributes) : none;
    if (x.dtype === "float32") return vector(context, operation, x, p, q);
    if (integer) return eachNumber(context, x, (value) => integer(value, p, q));
    if (x.dtype === "int32") return stock(inputs, attributes);
    // The stock kernels leave memory as it was for truth values. 0 and 1 are the same numbers in all types.
    const numbers = context.run("Cast", { x }, { dtype: "float32" });
    const y = vector(context, operation, numbers, p, q);
    context.release(numbers);
    return integersGive ? y : castAndRelease(context, y, "bool");
  };
}

function vector(context: KernelContext, operation: UnaryName, x: TensorInfo, p: number, q: number): TensorInfo {
  const y = context.output(x.shape);
  const count = context.tf.util.sizeFromShape(x.shape);
  context.kernels[operation](context.address(x), context.address(y), count, p, q);
  return y;
}

export function castAndRelease(context: KernelContext, x: TensorInfo, dtype: "bool" | "int32"): TensorInfo {
  const y = context.run("Cast", { x }, { dtype });
  context.release(x);
  return y;
}

/** x / divisor, for float32. */
export function quotient(context: KernelContext, x: TensorInfo, divisor: number): TensorInfo {
  return vector(context, "quotientVector", x, divisor, 0);
}

/** Of floats tfjs's own. Of whole numbers the stock kernels saturate, compute with float32, or leave memory as it was. */
function ofIntegers(f: (x: number) => number): TfjsKernel {
  return (context, inputs, attributes, stock) =>
    inputs["x"].dtype === "float32" ? stock(inputs, attributes) : eachNumber(context, inputs["x"], f);
}

/** A loop of its own, which the engine compiles for it alone. */
function negated({ backend, output }: KernelContext, x: TensorInfo): TensorInfo {
  const y = output(x.shape, x.dtype);
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(y);
  for (let i = 0; i < from.length; i++) to[i] = -from[i];
  return y;
}

/**
 * y = f(x). Shape: any. NaN stays NaN, except for Sign, which tfjs defines as 0 there.
 *
 * exp, its relatives and log are polynomials, within 1.5 units in the last place of float32; log1p, softplus,
 * selu and tanh within 2.5. What the stock kernels have wrong stands in docs/tfjs-wasm-fixes.md.
 */
export const unaryKernels: KernelFamily = {
  Abs: ofIntegers(Math.abs),
  Acos: ofIntegers(Math.acos),
  Acosh: ofIntegers(Math.acosh),
  Asin: ofIntegers(Math.asin),
  Asinh: ofIntegers(Math.asinh),
  Atan: ofIntegers(Math.atan),
  Atanh: ofIntegers(Math.atanh),
  ClipByValue: unary("clipVector", {
    parameters: ({ clipValueMin, clipValueMax }) => [clipValueMin as number, clipValueMax as number],
    integer: (x, low, high) => Math.min(Math.max(x, low), high),
  }),
  Exp: unary("exponentialVector", { integersGive: "float32" }),
  Expm1: unary("exponentialMinus1Vector", { integer: Math.expm1 }),
  LeakyRelu: unary("leakyReluVector", { parameters: alphaOf, integersGive: "float32" }),
  Log: unary("logarithmVector"),
  Log1p: unary("logarithmPlus1Vector", { integer: Math.log1p }),
  Neg(context, inputs, attributes, stock) {
    const { x } = inputs;
    if (x.dtype === "int32") return negated(context, x);
    // True stays true.
    return x.dtype === "bool" ? context.run("Identity", inputs) : stock(inputs, attributes);
  },
  Reciprocal: unary("reciprocalVector", { integer: (x) => 1 / x }),
  Relu: unary("reluVector"),
  Relu6: unary("clipVector", { parameters: () => [0, 6] }),
  Round: ofIntegers((x) => x),
  Rsqrt: unary("reciprocalRootVector"),
  Selu: unary("seluVector", {
    parameters: () => [scaleAlphaSelu, scaleSelu],
    integer: (x, scaleAlpha, scale) => (x >= 0 ? scale * x : scaleAlpha * Math.expm1(x)),
  }),
  Sign: unary("signVector"),
  Sinh: ofIntegers(Math.sinh),
  // Of larger numbers, e^x is no longer finite, and the result x.
  Softplus: unary("softplusVector", { integer: (x) => (x > 40 ? x : Math.log1p(Math.exp(x))) }),
  // Of whole numbers the stock kernel is right.
  Square: (context, inputs, attributes, stock) =>
    inputs["x"].dtype === "bool" ? context.run("Identity", inputs) : stock(inputs, attributes),
  Sqrt: unary("squareRootVector"),
  Step: unary("stepVector", { parameters: alphaOf }),
  Tanh: unary("tanhVector"),
};
