import { filterBytes, rowVectors } from "../../emit/tiles/filter_vectors.ts";
import { emitRoutedWeightGradient } from "../../emit/pooled/routed_weight_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import { routesPlan } from "../layout/plans.ts";
import type { PooledLayer, WriteWeightGradient } from "../operations/pooled_layer.ts";

/** Entries that a channel's list should hold before they are worked off, so that filters are not reloaded for a few. */
const entriesAtOnce = 64;

/** Weight gradient of a convolution with a 2×2 max pool, from lists of the windows that won their pools. */
export function routedWeights({ arena, kernels, linker }: OperationContext, layer: PooledLayer): WriteWeightGradient {
  const { block, shape, input, output, argmax } = layer;
  const [kernel, bias] = block.built.parameters;
  const { channels, taps, segment } = shape;
  const pools = output.height * output.width;
  const imagesAtOnce = Math.max(1, Math.floor(entriesAtOnce / pools));
  // An entry that does not count is still written, after the last one.
  const listStride = (imagesAtOnce * pools + 1) * 8;
  const listed = Math.ceil(channels / 4) * 4;
  const lists = arena.allocate(listed * listStride);
  const counts = arena.allocate(listed * 4);
  const routes = arena.struct(routesPlan, {
    gradient: output.gradient + output.interior,
    imageStride: output.imageStride,
    rowStride: output.rowStride,
    poolRows: output.height,
    poolColumns: output.width,
    channels,
    argmax,
    inputImageStride: input.imageStride,
    lists,
    listStride,
    counts,
  });
  const rowFloats = rowVectors(shape, linker.panelVectors) * 4;
  const sumsBytes = channels * filterBytes(shape, linker.panelVectors);
  const sums = arena.allocate(sumsBytes);
  const code = emitRoutedWeightGradient({ ...shape, listStride }, linker.panelVectors, bias !== undefined);
  const weightGradient = linker.add(`${block.built.name}/weightGradient`, code);
  return (first, images, gradient) => {
    const biasGradient = bias === undefined ? 0 : gradient + bias.offset * 4;
    kernels.fillZero(sums, sumsBytes);
    if (bias !== undefined) kernels.fillZero(biasGradient, channels * 4);
    for (let n = first; n < first + images; n += imagesAtOnce) {
      kernels.listRoutes(routes, n, Math.min(imagesAtOnce, first + images - n));
      weightGradient.run(lists, counts, input.values, sums, biasGradient);
    }
    kernels.unpackFilters(sums, taps, segment, rowFloats, channels, gradient + kernel.offset * 4);
  };
}
