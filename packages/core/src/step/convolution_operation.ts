import { type Activation, layoutOf } from "./activation.ts";
import type { Arena } from "./arena.ts";
import type { ConvolutionBlock } from "./blocks.ts";
import { cacheBlocking, splitRow } from "./cache_blocking.ts";
import { filterGeometry } from "./filter_geometry.ts";
import { deltaBorder, InputGradient } from "./input_gradient.ts";
import type { Operation } from "./operation.ts";
import { noBorder } from "./activation.ts";
import { convolvePlan, rowsPlan } from "./plans.ts";
import type { StepKernels } from "./step_kernels.ts";
import { WeightGradient } from "./weight_gradient_operation.ts";

export interface OperationContext {
  readonly arena: Arena;
  readonly memory: WebAssembly.Memory;
  readonly kernels: StepKernels;
  /** Address of the flat parameter vector. */
  readonly parameters: number;
  /** The most images in a call. */
  readonly capacity: number;
  /** Zeros, as many as the widest layer has channels: the bias of layers without one. */
  readonly zeros: number;
}

/** Convolution or dense layer, with bias and relu in its epilogue. */
export function convolutionOperation(
  context: OperationContext,
  block: ConvolutionBlock,
  input: Activation,
  output: Activation,
): Operation {
  const { arena, kernels, capacity, zeros } = context;
  const geometry = filterGeometry(block);
  const [kernel, bias] = block.built.parameters;
  const kernelAddress = context.parameters + kernel.offset * 4;
  const inner = geometry.kernelHeight * geometry.kernelWidth * geometry.inputs;
  const segment = geometry.kernelWidth * geometry.inputs;
  const shape = geometry.kernelHeight === 1 ? splitRow(segment) : { rows: geometry.kernelHeight, segment };
  const weights = arena.allocate(Math.ceil(geometry.filters / 8) * inner * 32);

  const windows: number[] = [];
  for (let y = 0; y < geometry.outputHeight; y++) {
    for (let x = 0; x < geometry.outputWidth; x++) {
      windows.push(
        y * geometry.strideHeight * input.rowStride + x * geometry.strideWidth * input.channels * 4,
        output.interior + y * output.rowStride + x * output.channels * 4,
      );
    }
  }
  const forwardPlan = arena.struct(convolvePlan, {
    input: input.values,
    inputImageStride: input.imageStride,
    windows: arena.table(windows),
    windowCount: windows.length / 2,
    ...shape,
    rowStride: geometry.kernelHeight === 1 ? shape.segment * 4 : input.rowStride,
    weights,
    bias: bias === undefined ? zeros : context.parameters + bias.offset * 4,
    output: output.values,
    outputImageStride: output.imageStride,
    channels: geometry.filters,
    relu: block.relu ? 1 : 0,
    pooled: 0,
    argmax: 0,
    ...cacheBlocking(shape.rows, shape.segment, false),
  });

  // The gradient before the relu, with the zeros around it that the input gradient reads.
  const needsInputGradient = input.gradient !== 0;
  const layout = layoutOf(block.outputShape, needsInputGradient ? deltaBorder(geometry) : noBorder);
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
  const weightGradient = new WeightGradient(arena, kernels, geometry, input, delta, capacity);
  const inputGradient = needsInputGradient
    ? new InputGradient(arena, kernels, geometry, input, delta, zeros)
    : undefined;
  const pixelBytes = geometry.filters * 4;
  const deltaPixels = delta.imageStride / pixelBytes;

  return {
    name: block.built.name,
    parameterOffset: kernel.offset,
    parameterCount: kernel.size + (bias?.size ?? 0),
    pack() {
      kernels.packPanels(kernelAddress, inner, geometry.filters, weights);
      inputGradient?.pack(kernelAddress);
    },
    forward(images) {
      kernels.convolve(forwardPlan, images);
    },
    backwardInput(images) {
      kernels.gateGradient(gatePlan, images);
      inputGradient?.compute(images);
    },
    backwardWeights(first, images, gradient) {
      weightGradient.compute(first, images, gradient + kernel.offset * 4);
      if (bias === undefined) return;
      const source = delta.address + first * delta.imageStride;
      kernels.columnSums(source, pixelBytes, images * deltaPixels, geometry.filters, gradient + bias.offset * 4, 0);
    },
  };
}
