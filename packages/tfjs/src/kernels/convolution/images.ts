import type { TensorInfo } from "@tensorflow/tfjs-core";
import { TfjsError } from "../../errors.ts";
import type { Attributes, Inputs, KernelContext, TfjsKernel } from "../kernel_context.ts";

/** Refuses tensors whose bytes are no float32. */
export function requireFloat32(...tensors: readonly TensorInfo[]): void {
  for (const { dtype } of tensors) {
    if (dtype !== "float32") {
      throw new TfjsError("TAPE_TYPE", `convolutions take float32 on backend 'wasm'; got ${dtype}. Cast it first.`);
    }
  }
}

/**
 * Makes a kernel for NHWC images take NCHW images too: they are transposed, and so is what it gives.
 *
 * @param images names of the inputs that are images
 * @param gives whether its output is images
 */
export function channelsFirstToo(images: readonly string[], gives: boolean, kernel: TfjsKernel): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    if (attributes["dataFormat"] !== "NCHW") return kernel(context, inputs, attributes, stock);
    const turned: Inputs = { ...inputs };
    for (const name of images) turned[name] = transpose(context, inputs[name], [0, 2, 3, 1]);
    const alpha = inputs["preluActivationWeights"] as TensorInfo | undefined;
    const plane = alpha?.shape.length === 3 ? transpose(context, alpha, [1, 2, 0]) : undefined;
    if (plane) turned["preluActivationWeights"] = plane;
    // A kernel of ours that takes images gives one tensor.
    const result = kernel(context, turned, channelsLast(attributes), stock) as TensorInfo;
    for (const name of images) context.release(turned[name]);
    if (plane) context.release(plane);
    if (!gives) return result;
    const out = transpose(context, result, [0, 3, 1, 2]);
    context.release(result);
    return out;
  };
}

function channelsLast(attributes: Attributes): Attributes {
  const { pad, inputShape } = attributes as { readonly pad: unknown; readonly inputShape?: readonly number[] };
  return {
    ...attributes,
    dataFormat: "NHWC",
    ...(Array.isArray(pad) && { pad: [pad[0], pad[2], pad[3], pad[1]] as unknown }),
    ...(inputShape && { inputShape: [inputShape[0], inputShape[2], inputShape[3], inputShape[1]] }),
  };
}

function transpose(context: KernelContext, x: TensorInfo, perm: readonly number[]): TensorInfo {
  return context.run("Transpose", { x }, { perm });
}
