/** A convolution along one axis. A window reads input[output · stride + tap · dilation - before]. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

/** Windows along one axis that reach the same taps, each with one element of the target. */
export interface AxisWalk {
  readonly count: number;
  readonly sourceStep: number;
  readonly targetFirst: number;
  readonly targetStep: number;
  readonly taps: readonly number[];
  /** For each tap, ascending: where it reads, relative to window · sourceStep. */
  readonly offsets: readonly number[];
}

/** From the input to the output. */
export function forwardWalk({ output, kernel, stride, dilation, before }: Axis): AxisWalk {
  const taps = Array.from({ length: kernel }, (_, tap) => tap);
  const offsets = taps.map((tap) => tap * dilation - before);
  return { count: output, sourceStep: stride, targetFirst: 0, targetStep: 1, taps, offsets };
}

/**
 * From the output's gradient to the input's, which is a convolution too: with a stride, pixels fall into phases, and each
 * phase sees the taps that reach it, so no zeros are multiplied. A phase may have no taps.
 */
export function backwardWalks({ input, kernel, stride, dilation, before }: Axis): AxisWalk[] {
  const walks: AxisWalk[] = [];
  for (let first = 0; first < Math.min(stride, input); first++) {
    const taps: number[] = [];
    for (let tap = kernel - 1; tap >= 0; tap--) {
      if ((first + before - tap * dilation) % stride === 0) taps.push(tap);
    }
    const offsets = taps.map((tap) => (first + before - tap * dilation) / stride);
    const count = Math.ceil((input - first) / stride);
    walks.push({ count, sourceStep: 1, targetFirst: first, targetStep: stride, taps, offsets });
  }
  return walks;
}

/**
 * The same windows, apart where they reach other taps within a source of this size: none of these walks reads beside it.
 * A walk may have no taps.
 */
export function walksWithin(
  size: number,
  { count, sourceStep, targetFirst, targetStep, taps, offsets }: AxisWalk,
): AxisWalk[] {
  const reached = (window: number): [from: number, to: number] => {
    const place = window * sourceStep;
    const from = offsets.findIndex((offset) => offset + place >= 0);
    const to = offsets.findLastIndex((offset) => offset + place < size) + 1;
    return from < 0 || from >= to ? [0, 0] : [from, to];
  };
  const walks: AxisWalk[] = [];
  for (let first = 0, end = 0; first < count; first = end) {
    const [from, to] = reached(first);
    for (end = first + 1; end < count; end++) {
      const [otherFrom, otherTo] = reached(end);
      if (otherFrom !== from || otherTo !== to) break;
    }
    walks.push({
      count: end - first,
      sourceStep,
      targetFirst: targetFirst + first * targetStep,
      targetStep,
      taps: taps.slice(from, to),
      offsets: offsets.slice(from, to).map((offset) => offset + first * sourceStep),
    });
  }
  return walks;
}

/** Zeros before a source's first element, and its length with those before and behind, that these walks read. */
export function extentOf(walks: readonly AxisWalk[]): { readonly before: number; readonly length: number } {
  let [least, most] = [0, -1];
  for (const { count, sourceStep, offsets } of walks) {
    if (offsets.length === 0 || count <= 0) continue;
    least = Math.min(least, offsets[0]);
    most = Math.max(most, offsets[offsets.length - 1] + (count - 1) * sourceStep);
  }
  return { before: -least, length: most + 1 - least };
}
