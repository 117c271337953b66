import { activations } from "../../../network/activations/activations.ts";
import type { Activation } from "../layout/activation.ts";
import type { DropoutBlock, ActivationBlock } from "../blocks.ts";
import type { OperationContext } from "./operation_context.ts";
import type { Operation } from "./operation.ts";
import { rowsPlan } from "../layout/plans.ts";

/** Activation or dropout as a pass of its own, from one layout to the next. */
export function elementwiseOperation(
  { arena, kernels }: OperationContext,
  block: ActivationBlock | DropoutBlock,
  input: Activation,
  output: Activation,
): Operation {
  // Only convolutions want a border, so the input has none, and its rows can be cut as the output's are.
  const shape = { rows: output.height, width: output.width * output.channels };
  const inputRowStride = shape.width * 4;
  const forwardPlan = arena.struct(rowsPlan, {
    input: input.values + input.interior,
    inputImageStride: input.imageStride,
    inputRowStride,
    output: output.values + output.interior,
    outputImageStride: output.imageStride,
    outputRowStride: output.rowStride,
    gate: 0,
    ...shape,
  });
  const backwardPlan = arena.struct(rowsPlan, {
    input: output.gradient + output.interior,
    inputImageStride: output.imageStride,
    inputRowStride: output.rowStride,
    output: input.gradient + input.interior,
    outputImageStride: input.imageStride,
    outputRowStride: inputRowStride,
    gate: block.kind === "activation" ? output.values + output.interior : 0,
    ...shape,
  });
  const common = { name: block.names[0], parameterCount: 0, pack() {}, backwardWeights() {} };
  if (block.kind === "activation") {
    const { clip: most = Infinity } = activations[block.activation];
    return {
      ...common,
      forward: (images) => kernels.clip(forwardPlan, images, most),
      backwardInput(images) {
        if (input.gradient !== 0) kernels.gateGradient(backwardPlan, images, most);
      },
    };
  }
  const { rate } = block.layer;
  const threshold = Math.floor(rate * 2 ** 32);
  const scale = Math.fround(1 / (1 - rate));
  return {
    ...common,
    forward(images, { training, samples, seed, step }) {
      if (training) kernels.dropout(forwardPlan, images, samples, seed, block.index, step, threshold, scale);
      else kernels.gateGradient(forwardPlan, images, Infinity);
    },
    backwardInput(images, { samples, seed, step }) {
      if (input.gradient === 0) return;
      kernels.dropout(backwardPlan, images, samples, seed, block.index, step, threshold, scale);
    },
  };
}
