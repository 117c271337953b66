import { TfjsError } from "../../errors.ts";

/** A window that slides along one axis. */
export interface PoolAxis {
  readonly input: number;
  readonly output: number;
  readonly window: number;
  readonly stride: number;
  /** Padding before the first cell. */
  readonly before: number;
}

export type Rounding = "floor" | "round" | "ceil";

/** One number for both sides, or one for each. */
export type AxisPadding = "valid" | "same" | number | readonly [before: number, after: number];

/**
 * Sizes of one axis, as TensorFlow has them: 'same' never pads less than nothing, and each axis looks at its own window
 * and stride. tfjs-core has both wrong, the first in three dimensions, the second where the padding is a number.
 *
 * @param rounding Of the output where the padding is given as numbers; cut off if absent
 */
export function poolAxis(
  input: number,
  window: number,
  stride: number,
  padding: AxisPadding,
  rounding: Rounding | undefined,
): PoolAxis {
  const sizes = { input, window, stride };
  if (padding === "valid") return { ...sizes, output: Math.ceil((input - window + 1) / stride), before: 0 };
  if (padding === "same") {
    const output = Math.ceil(input / stride);
    const total = Math.max(0, (output - 1) * stride + window - input);
    return { ...sizes, output, before: Math.floor(total / 2) };
  }
  const [before, after] = typeof padding === "number" ? [padding, padding] : padding;
  const steps = (input - window + before + after) / stride;
  return { ...sizes, output: Math[rounding ?? "trunc"](steps + 1), before };
}

/** @throws `TAPE_WINDOW` where the window fits nowhere, although there are cells */
export function checkThatWindowFits({ input, output, window }: PoolAxis, padding: AxisPadding): void {
  if (output >= 1 || (input === 0 && output === 0)) return;
  throw new TfjsError(
    "TAPE_WINDOW",
    `no window of ${window} fits on an axis of ${input} with padding ${JSON.stringify(padding)}. ` +
      "Use a smaller window or padding 'same'.",
  );
}
