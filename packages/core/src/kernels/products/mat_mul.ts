import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, Inputs, KernelContext, TfjsKernel } from "../kernel_context.ts";
import { broadcastMatrices } from "./broadcast_matrices.ts";
import { multiply } from "./product.ts";

interface Activation {
  /** The kernel that runs after the product, where the product's own clamp does not do it. */
  readonly kernel?: string;
  readonly clamp?: readonly [low: number, high: number];
}

const unclamped = [-Infinity, Infinity] as const;

const activations: Readonly<Record<string, Activation | undefined>> = {
  linear: {},
  relu: { kernel: "Relu", clamp: [0, Infinity] },
  relu6: { kernel: "Relu6", clamp: [0, 6] },
  elu: { kernel: "Elu" },
  leakyrelu: { kernel: "LeakyRelu" },
  prelu: { kernel: "Prelu" },
  sigmoid: { kernel: "Sigmoid" },
};

/**
 * Matrix product, and its fused form with bias and activation.
 *
 *     y = activation(a · b + bias)
 *
 * Shape: a [.., M, I], b [.., I, K] after transposition → [.., M, K]; leading sizes are broadcast.
 * The stock kernel's own loop for transposed operands or batches is scalar, and in its fused form wrong for inner sizes
 * above 48, where it adds the bias once for every block of 48. For other operands it keeps packed copies of b and bias
 * while their tensors live, and uses them even after their memory was written to. Its relu gives 0 for a NaN.
 */
export const matMul: TfjsKernel = (context, inputs, attributes, stock) => {
  const { a, b, bias } = inputs as Inputs & { bias?: TensorInfo };
  const activation = activations[(attributes["activation"] as string | undefined) ?? "linear"];
  const matrices = broadcastMatrices(
    context,
    a,
    b,
    attributes["transposeA"] === true,
    attributes["transposeB"] === true,
  );
  // The stock kernel refuses what is left.
  if (activation === undefined || matrices === undefined) return stock(inputs, attributes);

  const { outer, rows, inner, columns, products } = matrices;
  const row = bias?.dtype === "float32" && bias.shape.length === 1 && bias.shape[0] === columns;
  const clamp = row || bias === undefined ? activation.clamp : undefined;
  const [low, high] = clamp ?? unclamped;
  let y = context.output([...outer, rows, columns]);
  const out = context.address(y);
  for (const { batch, rows: batchRows, first, a: left, b: right } of products) {
    multiply(context, {
      batch,
      rows: batchRows,
      inner,
      columns,
      a: left,
      b: right,
      out: out + first * 4,
      bias: row ? context.address(bias) : 0,
      low,
      high,
    });
  }
  if (bias !== undefined && !row) y = after(context, "Add", y, { a: y, b: bias });
  if (activation.kernel !== undefined && clamp === undefined) {
    const alpha = inputs["preluActivationWeights"];
    y = after(context, activation.kernel, y, { x: y, alpha }, { alpha: attributes["leakyreluAlpha"] });
  }
  return y;
};

function after(
  context: KernelContext,
  kernelName: string,
  from: TensorInfo,
  inputs: Inputs,
  attributes?: Attributes,
): TensorInfo {
  const y = context.run(kernelName, inputs, attributes);
  context.release(from);
  return y;
}
