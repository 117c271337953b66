import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, Inputs, KernelContext } from "./kernel_context.ts";

/** What a kernel does itself to the sums that it has. */
export interface Epilogue {
  /** Address of a number for each channel that is added; 0 for none. */
  readonly bias: number;
  /** Limits of the result. A NaN stays one. */
  readonly low: number;
  readonly high: number;
}

interface Activation {
  /** The kernel that runs afterwards, where a clamp does not do it. */
  readonly kernel?: string;
  readonly clamp?: readonly [low: number, high: number];
}

const activations: Readonly<Record<string, Activation | undefined>> = {
  linear: {},
  relu: { kernel: "Relu", clamp: [0, Infinity] },
  relu6: { kernel: "Relu6", clamp: [0, 6] },
  elu: { kernel: "Elu" },
  leakyrelu: { kernel: "LeakyRelu" },
  prelu: { kernel: "Prelu" },
  sigmoid: { kernel: "Sigmoid" },
};

const unclamped = [-Infinity, Infinity] as const;

/**
 * The end of a fused kernel: y = activation(compute + bias).
 *
 * @param compute does what its epilogue says; other activations, and a bias of another shape, come after it
 * @param floats Whether the result is float32; of others, `compute` does nothing itself
 * @returns undefined where tfjs has no such activation
 */
export function withActivation(
  context: KernelContext,
  inputs: Inputs,
  attributes: Attributes,
  channels: number,
  compute: (epilogue: Epilogue) => TensorInfo,
  floats = true,
): TensorInfo | undefined {
  const activation = activations[(attributes["activation"] as string | undefined) ?? "linear"];
  if (activation === undefined) return undefined;
  const bias = inputs["bias"] as TensorInfo | undefined;
  const own = floats && bias?.dtype === "float32" && bias.shape.length === 1 && bias.shape[0] === channels;
  const clamp = own || (floats && bias === undefined) ? activation.clamp : undefined;
  const [low, high] = clamp ?? unclamped;
  let y = compute({ bias: own ? context.address(bias) : 0, low, high });
  if (bias !== undefined && !own) y = after(context, "Add", y, { a: y, b: bias });
  if (activation.kernel !== undefined && clamp === undefined) {
    const alpha = inputs["preluActivationWeights"];
    y = after(context, activation.kernel, y, { x: y, alpha }, { alpha: attributes["leakyreluAlpha"] });
  }
  return y;
}

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
