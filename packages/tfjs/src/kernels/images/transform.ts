import type { TfjsKernel } from "../kernel_context.ts";

type FillMode = "constant" | "reflect" | "wrap" | "nearest";

/**
 * Each pixel is the one that a projective transform sends it to. Shape: image [N, H, W, C], transforms [N or 1, 8] →
 * [N, OH, OW, C].
 * The stock kernel takes the far edge for what fillMode 'reflect' mirrors at the near one.
 *
 * Source: https://www.tensorflow.org/addons/api_docs/python/tfa/image/transform
 */
export const transform: TfjsKernel = (context, { image, transforms }, attributes) => {
  const { interpolation, fillMode, fillValue, outputShape } = attributes as {
    interpolation: "nearest" | "bilinear";
    fillMode: FillMode;
    fillValue: number;
    outputShape?: [number, number] | null;
  };
  const [images, height, width, channels] = image.shape;
  const [outHeight, outWidth] = outputShape ?? [height, width];
  const y = context.output([images, outHeight, outWidth, channels]);
  const { backend } = context;
  const from = backend.typedArrayFromHeap(image);
  const numbers = backend.typedArrayFromHeap(transforms);
  const to = backend.typedArrayFromHeap(y).fill(fillValue);
  let at = 0;
  for (let n = 0; n < images; n++) {
    const [a, b, c, d, e, f, g, h] = numbers.subarray(transforms.shape[0] === 1 ? 0 : n * 8);
    const read = (row: number, column: number, channel: number): number =>
      row >= 0 && row < height && column >= 0 && column < width
        ? from[((n * height + row) * width + column) * channels + channel]
        : fillValue;
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let outColumn = 0; outColumn < outWidth; outColumn++, at += channels) {
        const projection = g * outColumn + h * outRow + 1;
        if (projection === 0) continue;
        const column = inside((a * outColumn + b * outRow + c) / projection, width, fillMode);
        const row = inside((d * outColumn + e * outRow + f) / projection, height, fillMode);
        const [top, left] = [Math.floor(row), Math.floor(column)];
        for (let channel = 0; channel < channels; channel++) {
          if (interpolation === "nearest") {
            to[at + channel] = read(Math.round(row), Math.round(column), channel);
            continue;
          }
          const line = (below: number): number =>
            (left + 1 - column) * read(below, left, channel) + (column - left) * read(below, left + 1, channel);
          to[at + channel] = (top + 1 - row) * line(top) + (row - top) * line(top + 1);
        }
      }
    }
  }
  return y;
};

/** The place along one axis that the fill mode gives for one that may lie beyond it. */
function inside(place: number, size: number, mode: FillMode): number {
  if (mode === "constant") return place;
  if (mode === "nearest" || (place >= 0 && place <= size - 1)) return clamp(place, size);
  if (size <= 1) return 0;
  if (mode === "wrap") {
    const turns = place < 0 ? Math.trunc(-place / (size - 1)) + 1 : -Math.trunc(place / (size - 1));
    return clamp(place + size * turns, size);
  }
  const period = 2 * size;
  if (place < 0) {
    const turned = place + period * Math.trunc(-place / period);
    return clamp(turned < -size ? turned + period : -turned - 1, size);
  }
  const turned = place - period * Math.trunc(place / period);
  return clamp(turned >= size ? period - turned - 1 : turned, size);
}

function clamp(place: number, size: number): number {
  return Math.max(0, Math.min(place, size - 1));
}
