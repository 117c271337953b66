import { activations } from "../../../network/activations/activations.ts";
import { type Activation, layoutOf } from "../layout/activation.ts";
import type { ConvolutionBlock } from "../blocks.ts";
import { deltaBorder } from "../layout/delta_border.ts";
import type { FilterLayer } from "./filter_layer.ts";
import type { ForwardKernel } from "./filter_operation.ts";
import { inputGradientOf } from "../gradients/input_gradient_of.ts";
import type { Backward } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";
import { rowsPlan } from "../layout/plans.ts";
import type { WeightGradient } from "../gradients/weight_gradient.ts";
import { weightGradientOf } from "../gradients/weight_gradient_of.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import type { PanelVectors } from "../../emit/tiles/tiling.ts";
import { usesWindowsForWeights } from "../choice/windows_choice.ts";
import { usesWinogradForWeights } from "../choice/winograd_choice.ts";

/** The windows of the input that a layer's outputs see. */
export type Windows = Pick<
  WeightGradient,
  "rows" | "columns" | "inputRowStep" | "inputColumnStep" | "inputImageStride" | "taps" | "tapStride" | "channels"
>;

function weightAlgorithm(geometry: FilterGeometry, panelVectors: PanelVectors): WeightGradient["algorithm"] {
  if (usesWindowsForWeights(geometry, panelVectors)) return "windows";
  return usesWinogradForWeights(geometry) ? "winograd" : "direct";
}

/** Both gradients of a convolution or dense layer without a pool. */
export function convolutionBackward(
  context: OperationContext,
  block: ConvolutionBlock,
  { geometry, kernel, bias, identity }: FilterLayer,
  windows: Windows,
  forward: ForwardKernel,
  input: Activation,
  output: Activation,
): Backward {
  const { arena, kernels, linker, capacity } = context;
  const { name } = identity;
  const { filters, inputs, kernelWidth } = geometry;
  const { clip: most } = activations[block.activation];
  // The gradient before the activation, with the zeros around it that its readers want.
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
    gate: most === undefined ? 0 : output.values + output.interior,
    rows: output.height,
    width: output.width * output.channels,
  });
  const weightGradient = weightGradientOf(context, name, {
    ...windows,
    inputs,
    segment: kernelWidth * inputs,
    algorithm: weightAlgorithm(geometry, linker.panelVectors),
    gradientRowStep: delta.rowStride,
    gradientColumnStep: filters * 4,
    gradientImageStride: delta.imageStride,
    input: input.values,
    gradient: delta.address + delta.interior,
    offset: kernel.offset,
  });
  const inputGradient = needsInputGradient
    ? inputGradientOf(context, name, geometry, forward, input, delta)
    : undefined;
  const pixelBytes = filters * 4;
  const deltaPixels = delta.imageStride / pixelBytes;
  const biasBytes = (bias?.offset ?? 0) * 4;
  const biasGradient = (first: number, images: number, vector: number): void => {
    const from = delta.address + first * delta.imageStride;
    kernels.columnSums(from, pixelBytes, images * deltaPixels, filters, vector + biasBytes);
  };
  return {
    handedOver: weightGradient.handedOver,
    pack(source, first, rows) {
      inputGradient?.pack(source, first, rows);
    },
    backwardInput(images) {
      kernels.gateGradient(gatePlan, images, most ?? Infinity);
      inputGradient?.compute(images);
    },
    backwardWeights(tree) {
      weightGradient.sum(tree);
      if (bias !== undefined) tree.sum(bias.offset, filters, biasGradient);
    },
  };
}
