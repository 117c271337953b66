/** Along one axis: the pixels first, first + stride, … and the taps that reach them. */
export interface AxisPhase {
  readonly first: number;
  readonly count: number;
  /** From the last tap to the first: then the outputs they belong to ascend. */
  readonly taps: readonly number[];
  /** Where the first pixel's window starts in the bordered output gradient. */
  readonly start: number;
}

/**
 * @param size pixels
 * @param pad zeros before them that the forward convolution saw
 * @param border zeros before the output's gradient
 */
export function axisPhase(
  phase: number,
  stride: number,
  kernel: number,
  size: number,
  pad: number,
  border: number,
): AxisPhase {
  const taps: number[] = [];
  for (let r = phase; r < kernel; r += stride) taps.unshift(r);
  const first = (((phase - pad) % stride) + stride) % stride;
  const start = border + Math.floor((first + pad) / stride) - (taps.length - 1);
  return { first, count: Math.max(0, Math.ceil((size - first) / stride)), taps, start };
}

/** Pairs of an input pixel and a tap that reaches it, also those over the zeros around the output's gradient. */
export function pixelTaps(stride: number, kernel: number, size: number, pad: number): number {
  let pairs = 0;
  for (let phase = 0; phase < stride; phase++) {
    const { count, taps } = axisPhase(phase, stride, kernel, size, pad, 0);
    pairs += count * taps.length;
  }
  return pairs;
}
