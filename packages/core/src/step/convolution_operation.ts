import { type Activation, layoutOf } from "./activation.ts";
import type { ConvolutionBlock } from "./blocks.ts";
import { ConvolutionKernel } from "./convolution_kernel.ts";
import { deltaBorder } from "./delta_border.ts";
import { filterLayer } from "./filter_layer.ts";
import { inputGradientOf } from "./input_gradient_of.ts";
import type { Operation } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";
import { rowsPlan } from "./plans.ts";
import { WeightGradientKernel } from "./weight_gradient_kernel.ts";
import { forwardTile, usesWinogradForWeights } from "./winograd_choice.ts";

/** Convolution or dense layer, with bias and relu in its epilogue. */
export function convolutionOperation(
  context: OperationContext,
  block: ConvolutionBlock,
  input: Activation,
  output: Activation,
): Operation {
  const { arena, kernels, linker, capacity } = context;
  const { geometry, kernel, bias, kernelAddress, biasAddress, identity } = filterLayer(context, block);
  const { name } = identity;
  const { filters, inputs, kernelHeight, kernelWidth } = geometry;
  const windows = {
    rows: geometry.outputHeight,
    columns: geometry.outputWidth,
    inputRowStep: geometry.strideHeight * input.rowStride,
    inputColumnStep: geometry.strideWidth * inputs * 4,
    inputImageStride: input.imageStride,
    taps: kernelHeight,
    tapStride: input.rowStride,
    channels: filters,
  };
  const forward = new ConvolutionKernel(context, `${name}/forward`, {
    ...windows,
    outputRowStep: output.rowStride,
    outputColumnStep: filters * 4,
    outputImageStride: output.imageStride,
    inputs,
    kernelWidth,
    relu: block.relu,
    winograd: forwardTile(geometry, false),
  });

  // The gradient before the relu, with the zeros around it that its readers want.
  const needsInputGradient = input.gradient !== 0;
  const layout = layoutOf(block.outputShape, deltaBorder(geometry, needsInputGradient, linker.panelVectors));
  const delta = { ...layout, address: arena.allocate(layout.imageStride * capacity) };
  const gatePlan = arena.struct(rowsPlan, {
    input: output.gradient + output.interior,
    inputImageStride: output.imageStride,
    inputRowStride: output.rowStride,
    output: delta.address + delta.interior,
    outputImageStride: delta.imageStride,
    outputRowStride: delta.rowStride,
    gate: block.relu ? output.values + output.interior : 0,
    rows: output.height,
    width: output.width * output.channels,
  });
  const weightGradient = new WeightGradientKernel(context, name, {
    ...windows,
    inputs,
    segment: kernelWidth * inputs,
    winograd: usesWinogradForWeights(geometry),
    gradientRowStep: delta.rowStride,
    gradientColumnStep: filters * 4,
    gradientImageStride: delta.imageStride,
    input: input.values,
    gradient: delta.address + delta.interior,
    offset: kernel.offset,
  });
  const inputGradient = needsInputGradient ? inputGradientOf(context, name, geometry, input, delta) : undefined;
  const pixelBytes = filters * 4;
  const deltaPixels = delta.imageStride / pixelBytes;
  const biasBytes = (bias?.offset ?? 0) * 4;
  const biasGradient = (first: number, images: number, vector: number): void => {
    const from = delta.address + first * delta.imageStride;
    kernels.columnSums(from, pixelBytes, images * deltaPixels, filters, vector + biasBytes);
  };

  return {
    ...identity,
    pack() {
      forward.pack(kernelAddress);
      inputGradient?.pack(kernelAddress);
    },
    forward(images) {
      forward.run(images, input.values, biasAddress, output.values + output.interior, 0);
    },
    backwardInput(images) {
      kernels.gateGradient(gatePlan, images);
      inputGradient?.compute(images);
    },
    backwardWeights(tree) {
      weightGradient.sum(tree);
      if (bias !== undefined) tree.sum(bias.offset, filters, biasGradient);
    },
  };
}
