import { memoryOf } from "../../backend/wasm_backend.ts";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y[.., i, ..] = x[.., indices[i], ..]. Shape: x [outer, size, ..], indices [count] → [outer, count, ..].
 * The stock kernel works out the place of each value anew: 1.3 ms for 64 images of 28×28, where copying takes 0.02.
 */
export const gatherV2: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x, indices } = inputs;
  const { util, backend_util } = context.tf;
  const { axis, batchDims } = attributes as { axis: number; batchDims: number };
  const valueBytes = x.dtype === "bool" ? 1 : 4;
  if (x.dtype === "string" || x.dtype === "complex64" || indices.dtype !== "int32" || batchDims !== 0) {
    return stock(inputs, attributes);
  }
  const [parsedAxis] = util.parseAxisParam(axis, x.shape);
  const size = x.shape[parsedAxis];
  const count = util.sizeFromShape(indices.shape);
  const { buffer } = memoryOf(context.backend);
  for (const index of new Int32Array(buffer, context.address(indices), count)) {
    util.assert(index >= 0 && index < size, () => `GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
  }
  const { outputShape, outerSize, sliceSize } = backend_util.segment_util.collectGatherOpShapeInfo(
    x,
    indices,
    parsedAxis,
    batchDims,
  );
  const y = context.output(outputShape, x.dtype);
  const { kernels, address } = context;
  kernels.gatherSlices(address(x), address(indices), address(y), outerSize, size, count, sliceSize * valueBytes);
  return y;
};
