import { TfjsError } from "../../errors.ts";
import type { TfjsKernel } from "../kernel_context.ts";
import { move, stridesOf } from "./move.ts";

/**
 * x in the middle of a constant. A width below zero cuts x off on that side, as in PyTorch. Shape: any; type: any.
 *
 * The stock kernel writes before and after its output for a width below zero, and makes 1 of every constant for truth
 * values.
 *
 * @throws `TAPE_SHAPE` where more is cut off than there is
 */
export const pad: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  const { paddings, constantValue } = attributes as { paddings: [number, number][]; constantValue: number };
  if (x.dtype !== "bool" && paddings.every(([before, after]) => before >= 0 && after >= 0)) {
    return stock(inputs, attributes);
  }
  const shape = paddings.map(([before, after], d) => before + x.shape[d] + after);
  if (shape.some((size) => size < 0)) {
    throw new TfjsError(
      "TAPE_SHAPE",
      `pad cuts off no more than there is; got widths ${JSON.stringify(paddings)} for shape [${x.shape.join(", ")}].`,
    );
  }
  const y = context.output(shape, x.dtype);
  context.backend.typedArrayFromHeap(y).fill(constantValue);
  const from = stridesOf(x.shape);
  const to = stridesOf(shape);
  let first = 0;
  let place = 0;
  const axes = paddings.map(([before, after], d) => {
    const cut = Math.max(0, -before);
    first += cut * from[d];
    place += Math.max(0, before) * to[d];
    return { size: Math.max(0, x.shape[d] - cut - Math.max(0, -after)), from: from[d], to: to[d] };
  });
  move(context, x, first, y, place, axes);
  return y;
};
