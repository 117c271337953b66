import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { complexOutput } from "./pairs.ts";

/**
 * y[k] = Σ_n x[n] · e^(-2πi · k · n / N) along the last axis. Shape: complex [..., N] → the same.
 * tfjs's backend lacks it; its others need O(N²) for a length that is no power of two.
 */
export const fft: TfjsKernel = (context, { input }) => transform(context, input, false);

/** x[n] = 1 / N · Σ_k y[k] · e^(2πi · k · n / N) along the last axis. Shape: complex [..., N] → the same. */
export const ifft: TfjsKernel = (context, { input }) => transform(context, input, true);

function transform(context: KernelContext, x: TensorInfo, inverse: boolean): TensorInfo {
  const y = complexOutput(context, x.shape);
  const count = context.tf.util.sizeFromShape(x.shape);
  if (count === 0) return y;
  const length = x.shape[x.shape.length - 1];
  const size = transformSize(length);
  const work = size === length ? size : size * 2;
  const tables = fourierTables(length, size);
  const block = context.scratch((tables.length + work * 2) * 8);
  new Float64Array(context.backend.wasm.asm.memory.buffer, block, tables.length).set(tables);
  const { address, kernels } = context;
  kernels.fourierTransform(
    address(x),
    address(y),
    count / length,
    length,
    size,
    inverse,
    inverse ? 1 / length : 1,
    block,
  );
  return y;
}

/** The power of two that `length` is, or that holds the convolution which the transform becomes. */
function transformSize(length: number): number {
  let size = 1;
  while (size < length) size *= 2;
  return size === length ? size : size * 2;
}

/** The tables of `assembly/tfjs/complex/fourier.ts`: the kernel has no sine. */
function fourierTables(length: number, size: number): Float64Array {
  const twiddles = Math.floor(size / 2);
  const chirp = size === length ? 0 : length;
  const tables = new Float64Array((twiddles + chirp) * 2);
  for (let k = 0; k < twiddles; k++) put(k, (-2 * Math.PI * k) / size);
  // k² is reduced to one turn while it is an integer, or the angle would lose its digits.
  for (let k = 0; k < chirp; k++) put(twiddles + k, (-Math.PI * ((k * k) % (2 * length))) / length);
  return tables;

  function put(index: number, angle: number): void {
    tables[index * 2] = Math.cos(angle);
    tables[index * 2 + 1] = Math.sin(angle);
  }
}
