import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { join, part } from "./parts.ts";
import { asPairs, fromPairs } from "./pairs.ts";

/** A complex number as a real one is its real part. Shape: any. */
export const castComplex: TfjsKernel = (context, { x }, attributes) => {
  if (attributes["dtype"] === "complex64") return context.run("Identity", { x });
  const real = part(context, x, 0);
  const y = context.run("Cast", { x: real }, attributes);
  context.release(real);
  return y;
};

/** A real number as a complex one. Shape: any. */
export function castToComplex(context: KernelContext, x: TensorInfo): TensorInfo {
  const real = context.run("Cast", { x }, { dtype: "float32" });
  const y = withImaginaryZero(context, real);
  context.release(real);
  return y;
}

/** Shape: any. */
export const zerosLike: TfjsKernel = (context, { x }) => fromPairs(context.run("ZerosLike", { x: asPairs(x) }));

/** 1 + 0i. Shape: any. */
export const onesLike: TfjsKernel = (context, { x }) => {
  const real = part(context, x, 0);
  const ones = context.run("OnesLike", { x: real });
  context.release(real);
  const y = withImaginaryZero(context, ones);
  context.release(ones);
  return y;
};

function withImaginaryZero(context: KernelContext, real: TensorInfo): TensorInfo {
  const imag = context.run("ZerosLike", { x: real });
  const y = join(context, real, imag);
  context.release(imag);
  return y;
}
