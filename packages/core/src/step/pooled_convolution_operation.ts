import { filterBytes, rowVectors } from "../emit/filter_vectors.ts";
import { emitRoutedInputGradient } from "../emit/routed_input_gradient.ts";
import { emitRoutedWeightGradient } from "../emit/routed_weight_gradient.ts";
import type { Activation } from "./activation.ts";
import type { ConvolutionBlock } from "./blocks.ts";
import { ConvolutionKernel } from "./convolution_kernel.ts";
import { filterGeometry } from "./filter_geometry.ts";
import type { Operation } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";
import { routesPlan } from "./plans.ts";
import { forwardTile } from "./winograd_choice.ts";

/** Entries that a channel's list should hold before they are worked off, so that filters are not reloaded for a few. */
const entriesAtOnce = 64;

/** Convolution, bias, relu and 2×2 max pool in one pass; backward, only the winners of the pools are visited. */
export function pooledConvolutionOperation(
  context: OperationContext,
  block: ConvolutionBlock,
  input: Activation,
  output: Activation,
): Operation {
  const { arena, kernels, linker, capacity } = context;
  const geometry = filterGeometry(block);
  const { filters, inputs, kernelHeight, kernelWidth } = geometry;
  const { name } = block.built;
  const [kernel, bias] = block.built.parameters;
  const kernelAddress = context.parameters + kernel.offset * 4;
  const biasAddress = bias === undefined ? context.zeros : context.parameters + bias.offset * 4;
  const segment = kernelWidth * inputs;
  const pools = output.height * output.width;
  const argmax = arena.allocate(capacity * pools * filters * 4);
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
    relu: block.relu,
  };
  const forward = new ConvolutionKernel(context, `${name}/forward`, {
    ...poolGrid,
    kernelWidth,
    inputs,
    winograd: forwardTile(geometry, true),
  });

  const outputGradient = output.gradient + output.interior;
  const imagesAtOnce = Math.max(1, Math.floor(entriesAtOnce / pools));
  // An entry that does not count is still written, after the last one.
  const listStride = (imagesAtOnce * pools + 1) * 8;
  const listed = Math.ceil(filters / 4) * 4;
  const lists = arena.allocate(listed * listStride);
  const counts = arena.allocate(listed * 4);
  const routes = arena.struct(routesPlan, {
    gradient: outputGradient,
    output: output.values + output.interior,
    imageStride: output.imageStride,
    rowStride: output.rowStride,
    poolRows: output.height,
    poolColumns: output.width,
    channels: filters,
    relu: block.relu ? 1 : 0,
    argmax,
    inputImageStride: input.imageStride,
    lists,
    listStride,
    counts,
  });
  const shape = { ...poolGrid, segment, listStride };
  const rowFloats = rowVectors(shape, linker.panelVectors) * 4;
  const sumsBytes = filters * filterBytes(shape, linker.panelVectors);
  const packed = arena.allocate(sumsBytes);
  const sums = arena.allocate(sumsBytes);
  const weightGradient = linker.add(
    `${name}/weightGradient`,
    emitRoutedWeightGradient(shape, linker.panelVectors, bias !== undefined),
  );
  const inputGradient =
    input.gradient === 0
      ? undefined
      : linker.add(`${name}/inputGradient`, emitRoutedInputGradient(shape, linker.panelVectors));

  const parameterCount = kernel.size + (bias?.size ?? 0);
  const backwardShard = (first: number, images: number, gradient: number): void => {
    const biasGradient = bias === undefined ? 0 : gradient + bias.offset * 4;
    kernels.fillZero(sums, sumsBytes);
    if (bias !== undefined) kernels.fillZero(biasGradient, filters * 4);
    for (let n = first; n < first + images; n += imagesAtOnce) {
      kernels.listRoutes(routes, n, Math.min(imagesAtOnce, first + images - n));
      weightGradient.run(lists, counts, input.values, sums, biasGradient);
    }
    kernels.unpackFilters(sums, kernelHeight, segment, rowFloats, filters, gradient + kernel.offset * 4);
  };

  return {
    name,
    parameterOffset: kernel.offset,
    parameterCount,
    pack() {
      forward.pack(kernelAddress);
      if (inputGradient) kernels.packFilters(kernelAddress, kernelHeight, segment, rowFloats, filters, packed);
    },
    forward(images) {
      forward.run(images, input.values, biasAddress, output.values + output.interior, argmax);
    },
    backwardInput(images) {
      if (inputGradient === undefined) return;
      kernels.fillZero(input.gradient, images * input.imageStride);
      inputGradient.run(images, input.gradient, outputGradient, output.values - output.gradient, argmax, packed);
    },
    backwardWeights(tree) {
      tree.sum(kernel.offset, parameterCount, backwardShard);
    },
  };
}
