import { memoryOf } from "@convoy/core/engine";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Inputs, KernelContext, TfjsKernel } from "../kernel_context.ts";

/** Statistics are repeated up to lines of about so many values, of whole channels. */
const lineLength = 128;

/** All inputs are float32, and the statistics vectors of x's last axis. */
export function perChannel(x: TensorInfo, ...statistics: readonly (TensorInfo | null | undefined)[]): boolean {
  const channels = x.shape.at(-1);
  if (x.dtype !== "float32") return false;
  return statistics.every(
    (each) => !each || (each.dtype === "float32" && each.shape.length === 1 && each.shape[0] === channels),
  );
}

interface Statistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly scale: Float32Array | undefined;
  readonly offset: Float32Array | undefined;
}

function statisticsOf({ backend, address }: KernelContext, inputs: Inputs): Statistics {
  const { buffer } = memoryOf(backend);
  const read = (name: string): Float32Array | undefined => {
    const info = inputs[name] as TensorInfo | null | undefined;
    return info ? new Float32Array(buffer, address(info), info.shape[0]) : undefined;
  };
  const mean = read("mean");
  const variance = read("variance");
  if (!mean || !variance) throw new Error("batch normalisation has a mean and a variance");
  return { mean, variance, scale: read("scale"), offset: read("offset") };
}

/**
 * y = (x - mean) · scale / √(variance + ε) + offset. Shape: x [.., C], the others [C] → [.., C].
 * The stock kernel takes one value at a time; it is kept for statistics of other shapes.
 */
export const fusedBatchNorm: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  const { mean: m, variance: v, offset: o, scale: s } = inputs;
  if (!perChannel(x, m, v, o, s)) return stock(inputs, attributes);
  const y = context.output(x.shape);
  const count = context.tf.util.sizeFromShape(x.shape);
  if (count === 0) return y;
  const epsilon = attributes["varianceEpsilon"] as number;
  const channels = m.shape[0];
  const times = Math.max(1, Math.ceil(Math.min(lineLength, count) / channels));
  const period = times * channels;
  const stride = period + 4;
  const block = context.scratch(stride * 12);
  const { mean, variance, scale, offset } = statisticsOf(context, inputs);
  const values = new Float32Array(memoryOf(context.backend).buffer, block, stride * 3).fill(0);
  for (let c = 0; c < channels; c++) {
    values[c] = mean[c];
    values[stride + c] = (scale ? scale[c] : 1) / Math.sqrt(variance[c] + epsilon);
    values[2 * stride + c] = offset ? offset[c] : 0;
  }
  for (let part = 0; part < 3; part++) {
    const start = part * stride;
    for (let done = channels; done < period; done += channels) values.copyWithin(start + done, start, start + channels);
  }
  const { kernels, address } = context;
  kernels.batchNorm(address(x), address(y), count, period, block, block + stride * 4, block + stride * 8);
  return y;
};

/**
 * The gradient of batch normalisation with respect to its five inputs, in one pass over dy and x, and one for dx: a kernel
 * of ours alone. Shape: dy, x [.., C], mean, variance, scale [C] → dx [.., C], and four of [C].
 */
export const fusedBatchNormGrad: TfjsKernel = (context, inputs, attributes) => {
  const { dy, x } = inputs;
  const epsilon = attributes["varianceEpsilon"] as number;
  const channels = x.shape[x.shape.length - 1];
  const factors = context.output([channels]);
  const gradients = [0, 1, 2, 3].map(() => context.output([channels]));
  const sums = context.scratch(channels * 16);
  const rows = context.tf.util.sizeFromShape(x.shape) / channels;
  const { kernels, address } = context;
  kernels.batchNormSums(address(dy), address(x), rows, channels, address(inputs["mean"]), sums);
  const { buffer } = memoryOf(context.backend);
  const totals = new Float64Array(buffer, sums, channels * 2);
  const [dMean, dVariance, dScale, dOffset] = gradients.map(
    (each) => new Float32Array(buffer, address(each), channels),
  );
  const factor = new Float32Array(buffer, address(factors), channels);
  const { variance, scale } = statisticsOf(context, inputs);
  for (let c = 0; c < channels; c++) {
    const root = 1 / Math.sqrt(variance[c] + epsilon);
    const s = (scale ? scale[c] : 1) * root;
    const total = totals[c];
    const products = totals[channels + c];
    factor[c] = s;
    dMean[c] = -s * total;
    dVariance[c] = -0.5 * s * root * root * products;
    dScale[c] = products * root;
    dOffset[c] = total;
  }
  const dx = context.run("Multiply", { a: dy, b: factors });
  context.release(factors);
  return [dx, ...gradients];
};
