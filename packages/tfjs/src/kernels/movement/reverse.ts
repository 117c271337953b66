import type { TfjsKernel } from "../kernel_context.ts";
import { move, stridesOf } from "./move.ts";

/**
 * y[.., i, ..] = x[.., size - 1 - i, ..] along some axes. Shape and type: any.
 * The stock kernel moves four bytes an element whatever the type, and works out the place of each value anew.
 */
export const reverse: TfjsKernel = (context, { x }, attributes) => {
  const { shape, dtype } = x;
  const reversed = new Set(
    shape.length === 0 ? [] : context.tf.util.parseAxisParam(attributes["dims"] as number[], shape),
  );
  const y = context.output(shape, dtype);
  const strides = stridesOf(shape);
  let first = 0;
  const axes = shape.map((size, d) => {
    if (!reversed.has(d)) return { size, from: strides[d], to: strides[d] };
    first += (size - 1) * strides[d];
    return { size, from: -strides[d], to: strides[d] };
  });
  move(context, x, first, y, 0, axes);
  return y;
};
