import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y = x: the same memory, counted once more, as on tfjs's other backends. Shape and type: any.
 *
 * The stock kernel copies. Whoever clones inside an operation with a gradient of its own is then told of a memory leak
 * in test mode, and a clone costs as much as an operation.
 */
export const identity: TfjsKernel = ({ backend }, { x: { dataId, shape, dtype } }) => {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
};
