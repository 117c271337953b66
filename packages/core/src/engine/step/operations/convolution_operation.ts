import { activations } from "../../../network/activations/activations.ts";
import type { Activation } from "../layout/activation.ts";
import type { ConvolutionBlock } from "../blocks.ts";
import { convolutionBackward } from "./convolution_backward.ts";
import { ConvolutionKernel } from "./convolution_kernel.ts";
import { filterLayer } from "./filter_layer.ts";
import { filterOperation } from "./filter_operation.ts";
import { noBackward, type Operation } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";
import { WindowsKernel } from "./windows_kernel.ts";
import { usesWindows } from "../choice/windows_choice.ts";
import { forwardTile } from "../choice/winograd_choice.ts";

/** Convolution or dense layer, with bias and activation in its epilogue. */
export function convolutionOperation(
  context: OperationContext,
  block: ConvolutionBlock,
  input: Activation,
  output: Activation,
): Operation {
  const layer = filterLayer(context, block);
  const { geometry, identity } = layer;
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
  const shape = {
    ...windows,
    outputRowStep: output.rowStride,
    outputColumnStep: filters * 4,
    outputImageStride: output.imageStride,
    clip: activations[block.activation].clip,
  };
  const forward = usesWindows(geometry, false, context.linker.panelVectors)
    ? new WindowsKernel(context, `${identity.name}/windows/forward`, { ...shape, segment: kernelWidth })
    : new ConvolutionKernel(context, `${identity.name}/forward`, {
        ...shape,
        inputs,
        kernelWidth,
        winograd: forwardTile(geometry, false),
      });
  const backward = context.forwardOnly
    ? noBackward
    : convolutionBackward(context, block, layer, windows, forward, input, output);
  return filterOperation(layer, forward, backward, input, output, 0);
}
