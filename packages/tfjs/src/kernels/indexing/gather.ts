import { memoryOf } from "@convoy/core/engine";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y[.., i, ..] = x[.., indices[i], ..]. Shape: x [outer, size, ..], indices [count] → [outer, count, ..], or a batch of each.
 * The stock kernel works out the place of each value anew: 1.3 ms for 64 images of 28×28, where copying takes 0.02. Of a
 * batch it gives the values of wrong places.
 */
export const gatherV2: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x, indices } = inputs;
  const { util, backend_util } = context.tf;
  const { axis, batchDims = 0 } = attributes as { axis: number; batchDims?: number };
  const valueBytes = x.dtype === "bool" ? 1 : 4;
  if (indices.dtype !== "int32") {
    return stock(inputs, attributes);
  }
  const [parsedAxis] = util.parseAxisParam(axis, x.shape);
  const size = x.shape[parsedAxis];
  const all = util.sizeFromShape(indices.shape);
  const { buffer } = memoryOf(context.backend);
  for (const index of new Int32Array(buffer, context.address(indices), all)) {
    util.assert(index >= 0 && index < size, () => `GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
  }
  const { outputShape, batchSize, outerSize, sliceSize } = backend_util.segment_util.collectGatherOpShapeInfo(
    x,
    indices,
    parsedAxis,
    batchDims,
  );
  const y = context.output(outputShape, x.dtype);
  const { kernels, address } = context;
  const count = batchSize === 0 ? 0 : all / batchSize;
  const sliceBytes = sliceSize * valueBytes;
  for (let n = 0; n < batchSize; n++) {
    const from = address(x) + n * outerSize * size * sliceBytes;
    const to = address(y) + n * outerSize * count * sliceBytes;
    kernels.gatherSlices(from, address(indices) + n * count * 4, to, outerSize, size, count, sliceBytes);
  }
  return y;
};
