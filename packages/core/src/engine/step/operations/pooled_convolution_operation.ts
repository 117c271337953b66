import { activations } from "../../../network/activations/activations.ts";
import type { Activation } from "../layout/activation.ts";
import type { ConvolutionBlock } from "../blocks.ts";
import { ConvolutionKernel } from "./convolution_kernel.ts";
import { type FilterLayer, filterLayer } from "./filter_layer.ts";
import { filterOperation } from "./filter_operation.ts";
import { type Backward, noBackward, type Operation } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";
import type { PooledLayer } from "./pooled_layer.ts";
import { RoutedInputGradient } from "../gradients/routed_input_gradient.ts";
import { routedWeights } from "../gradients/routed_weights.ts";
import { usesUnpooled } from "../choice/unpooled_choice.ts";
import { unpooledWeights } from "../gradients/unpooled_weights.ts";
import { WindowsKernel } from "./windows_kernel.ts";
import { usesWindows } from "../choice/windows_choice.ts";
import { forwardTile } from "../choice/winograd_choice.ts";

/** Convolution, bias, activation and 2×2 max pool in one pass; backward, only the winners of the pools count. */
export function pooledConvolutionOperation(
  context: OperationContext,
  block: ConvolutionBlock,
  input: Activation,
  output: Activation,
): Operation {
  const { arena, capacity } = context;
  const layer = filterLayer(context, block);
  const { geometry, identity } = layer;
  const { filters, inputs, kernelHeight, kernelWidth } = geometry;
  const argmax = arena.allocate(capacity * output.height * output.width * filters * 4);
  const rowStep = geometry.strideHeight * input.rowStride;
  const columnStep = geometry.strideWidth * inputs * 4;
  const poolGrid = {
    rows: output.height,
    columns: output.width,
    inputRowStep: 2 * rowStep,
    inputColumnStep: 2 * columnStep,
    inputImageStride: input.imageStride,
    outputRowStep: output.rowStride,
    outputColumnStep: filters * 4,
    outputImageStride: output.imageStride,
    cells: [0, columnStep, rowStep, rowStep + columnStep],
    taps: kernelHeight,
    tapStride: input.rowStride,
    channels: filters,
    clip: activations[block.activation].clip,
  };
  const shape = { ...poolGrid, segment: kernelWidth * inputs };
  const forward = usesWindows(geometry, true, context.linker.panelVectors)
    ? new WindowsKernel(context, `${identity.name}/windows/forward`, shape)
    : new ConvolutionKernel(context, `${identity.name}/forward`, {
        ...poolGrid,
        kernelWidth,
        inputs,
        winograd: forwardTile(geometry, true),
      });
  const backward = context.forwardOnly
    ? noBackward
    : pooledBackward(context, layer, { block, shape, input, output, argmax });
  return filterOperation(layer, forward, backward, input, output, argmax);
}

function pooledBackward(
  context: OperationContext,
  { geometry, kernel, identity }: FilterLayer,
  layer: PooledLayer,
): Backward {
  const weights = usesUnpooled(geometry, context.linker.panelVectors) ? unpooledWeights : routedWeights;
  const weightsOfShard = weights(context, layer);
  const inputGradient = layer.input.gradient === 0 ? undefined : new RoutedInputGradient(context, layer);
  return {
    pack(filters) {
      inputGradient?.pack(filters);
    },
    backwardInput(images) {
      inputGradient?.compute(images);
    },
    backwardWeights(tree) {
      tree.sum(kernel.offset, identity.parameterCount, weightsOfShard);
    },
  };
}
