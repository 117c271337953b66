import type { TfjsKernel } from "../kernel_context.ts";

/**
 * Sum over axes. Shape: x without the axes, or with size 1 there.
 *
 * The stock kernel turns the axes inwards first, and then adds one number at a time to one float32: a bias gradient is
 * up to 20 times slower so, and a digit worse.
 */
export const sum: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  const { parseAxisParam } = context.tf.util;
  const { shape } = x;
  let axes = 0;
  for (const axis of parseAxisParam(attributes["axis"] as number[], shape)) axes |= 1 << axis;
  const first = Math.clz32(axes & -axes) ^ 31;
  const run = axes >>> first;
  if (x.dtype !== "float32" || axes === 0 || (run & (run + 1)) !== 0) {
    return stock(inputs, attributes);
  }
  const keep = attributes["keepDims"] === true;
  const kept: number[] = [];
  let outer = 1;
  let count = 1;
  let inner = 1;
  for (const [axis, size] of shape.entries()) {
    const summed = ((axes >>> axis) & 1) === 1;
    if (summed) count *= size;
    else if (axis < first) outer *= size;
    else inner *= size;
    if (!summed || keep) kept.push(summed ? 1 : size);
  }
  const y = context.output(kept);
  context.kernels.sum(context.address(x), context.address(y), outer, count, inner);
  return y;
};
