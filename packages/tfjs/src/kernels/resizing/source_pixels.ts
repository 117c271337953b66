/** From which pixels along one axis a resized one is made. */
export interface SourcePixel {
  readonly low: number;
  readonly high: number;
  /** Share of the high one, 0 to 1. */
  readonly share: number;
}

export interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/**
 * The pixels of each output position along one axis, in float32 as the forward kernels find them.
 *
 *     position = (i + ½) · in / out - ½ with halfPixelCenters, i · (in - 1) / (out - 1) with alignCorners, else i · in / out
 */
export function sourcePixels(
  input: number,
  output: number,
  kind: "bilinear" | "nearest",
  { alignCorners, halfPixelCenters }: ResizeAttributes,
): SourcePixel[] {
  const aligned = alignCorners && output > 1;
  const scale = Math.fround(aligned ? (input - 1) / (output - 1) : input / output);
  return Array.from({ length: output }, (_, i): SourcePixel => {
    const position = Math.fround(halfPixelCenters ? (i + 0.5) * scale : i * scale);
    if (kind === "nearest") {
      const nearest = Math.min(input - 1, alignCorners ? Math.round(position) : Math.floor(position));
      return { low: nearest, high: nearest, share: 0 };
    }
    const source = Math.min(input - 1, Math.max(0, halfPixelCenters ? position - 0.5 : position));
    const low = Math.floor(source);
    return { low, high: Math.min(low + 1, input - 1), share: source - low };
  });
}
