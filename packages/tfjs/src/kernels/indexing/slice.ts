import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y[i, j, …] = x[begin0 + i, begin1 + j, …]. Shape: x of any rank → size, where -1 is what remains.
 * The stock kernel does not refuse a slice that reaches beyond x: it gives whatever lies there.
 */
export const slice: TfjsKernel = (context, inputs, attributes, stock) => {
  const y = stock(inputs, attributes);
  const { shape } = inputs["x"];
  const { begin } = attributes as { begin: number | number[] };
  for (let axis = 0; axis < shape.length; axis++) {
    if (startOf(begin, axis) + y.shape[axis] <= shape[axis]) continue;
    context.release(y);
    const start = shape.map((_, i) => startOf(begin, i));
    context.tf.slice_util.assertParamsValid(inputs["x"], start, y.shape);
  }
  return y;
};

/** tfjs takes a number for the first axis, and zero where nothing is said. */
function startOf(begin: number | number[], axis: number): number {
  if (typeof begin === "number") return axis === 0 ? begin : 0;
  return begin[axis] ?? 0;
}
