import type { Activation } from "./activation.ts";
import type { ConvolutionBlock } from "./blocks.ts";
import { cacheBlocking } from "./cache_blocking.ts";
import type { OperationContext } from "./convolution_operation.ts";
import { type FilterGeometry, filterGeometry } from "./filter_geometry.ts";
import type { Operation } from "./operation.ts";
import { convolvePlan, routedGradientPlan } from "./plans.ts";

/** Entries that a channel's list should hold before they are worked off, so that filters are not reloaded for a few. */
const entriesAtOnce = 64;

/** Convolution, bias, relu and 2×2 max pool in one pass; backward, only the winners of the pools are visited. */
export function pooledConvolutionOperation(
  context: OperationContext,
  block: ConvolutionBlock,
  input: Activation,
  output: Activation,
): Operation {
  const { arena, kernels, capacity, zeros } = context;
  const geometry = filterGeometry(block);
  const { filters, kernelHeight } = geometry;
  const [kernel, bias] = block.built.parameters;
  const kernelAddress = context.parameters + kernel.offset * 4;
  const segment = geometry.kernelWidth * geometry.inputs;
  const inner = kernelHeight * segment;
  const weights = arena.allocate(Math.ceil(filters / 8) * inner * 32);
  const pools = output.height * output.width;
  const argmax = arena.allocate(capacity * pools * filters * 4);
  const windows = poolWindows(geometry, input, output);
  const forwardPlan = arena.struct(convolvePlan, {
    input: input.values,
    inputImageStride: input.imageStride,
    windows: arena.table(windows),
    windowCount: windows.length / 2,
    rows: kernelHeight,
    rowStride: input.rowStride,
    segment,
    weights,
    bias: bias === undefined ? zeros : context.parameters + bias.offset * 4,
    output: output.values,
    outputImageStride: output.imageStride,
    channels: filters,
    relu: block.relu ? 1 : 0,
    pooled: 1,
    argmax,
    ...cacheBlocking(kernelHeight, segment, true),
  });

  const vectors: number[] = [];
  for (let r = 0; r < kernelHeight; r++) {
    for (let j = 0; j < segment; j += 4) vectors.push(r * input.rowStride + j * 4);
  }
  while (vectors.length % 4 !== 0) vectors.push(0);
  const vectorCount = vectors.length;
  const filterBytes = filters * vectorCount * 16;
  const packed = arena.allocate(filterBytes);
  const filterGradient = arena.allocate(filterBytes);
  const imagesAtOnce = Math.max(1, Math.floor(entriesAtOnce / pools));
  const listCapacity = imagesAtOnce * pools + 1;
  const routePlan = arena.struct(routedGradientPlan, {
    gradient: output.gradient + output.interior,
    output: output.values + output.interior,
    imageStride: output.imageStride,
    rowStride: output.rowStride,
    poolRows: output.height,
    poolColumns: output.width,
    channels: filters,
    relu: block.relu ? 1 : 0,
    argmax,
    lists: arena.allocate(Math.ceil(filters / 4) * 4 * listCapacity * 8),
    counts: arena.allocate(Math.ceil(filters / 4) * 16),
    listCapacity,
    input: input.values,
    inputGradient: input.gradient,
    inputImageStride: input.imageStride,
    vectors: arena.table(vectors),
    vectorCount,
    filters: packed,
    filterGradient,
    contiguous: segment % 16 === 0 ? 1 : 0,
  });
  const needsInputGradient = input.gradient !== 0;

  return {
    name: block.built.name,
    parameterOffset: kernel.offset,
    parameterCount: kernel.size + (bias?.size ?? 0),
    pack() {
      kernels.packPanels(kernelAddress, inner, filters, weights);
      if (needsInputGradient) {
        kernels.packFilters(kernelAddress, kernelHeight, segment, filters, vectorCount, packed);
      }
    },
    forward(images) {
      kernels.convolve(forwardPlan, images);
    },
    backwardInput(images) {
      if (needsInputGradient) kernels.fillZero(input.gradient, images * input.imageStride);
    },
    backwardWeights(first, images, gradient) {
      const biasGradient = bias === undefined ? 0 : gradient + bias.offset * 4;
      kernels.fillZero(filterGradient, filterBytes);
      if (biasGradient !== 0) kernels.fillZero(biasGradient, filters * 4);
      for (let n = first; n < first + images; n += imagesAtOnce) {
        kernels.listRoutes(routePlan, n, Math.min(imagesAtOnce, first + images - n));
        kernels.routedWeightGradient(routePlan, biasGradient);
        if (needsInputGradient) kernels.routedInputGradient(routePlan);
      }
      const target = gradient + kernel.offset * 4;
      kernels.unpackFilters(filterGradient, kernelHeight, segment, filters, vectorCount, target);
    },
  };
}

/** Windows in the order of the pools, the four cells of a pool side by side. Cells that no pool covers are left out. */
function poolWindows(geometry: FilterGeometry, input: Activation, output: Activation): number[] {
  const windows: number[] = [];
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      for (const [dy, dx] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ]) {
        windows.push(
          (2 * y + dy) * geometry.strideHeight * input.rowStride +
            (2 * x + dx) * geometry.strideWidth * input.channels * 4,
          output.interior + y * output.rowStride + x * output.channels * 4,
        );
      }
    }
  }
  return windows;
}
