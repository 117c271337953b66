import type { GreyImage } from "./grey_image.ts";

export interface InputImage {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, light drawing on a dark ground, as MNIST has it. */
  readonly pixels: Uint8Array;
  /** True when the ground was light, and dark and light were exchanged. */
  readonly inverted: boolean;
}

/**
 * Makes an image of any size into one of the network's input: light on dark, in its own proportions, in the middle of
 * a black ground where the proportions differ.
 */
export function fitToInput(image: GreyImage, width: number, height: number): InputImage {
  const inverted = borderLight(image) > 0.5;
  const scale = Math.min(width / image.width, height / image.height);
  const innerWidth = Math.max(1, Math.round(image.width * scale));
  const innerHeight = Math.max(1, Math.round(image.height * scale));
  const inner = scaleByArea(image, innerWidth, innerHeight);
  const left = Math.floor((width - innerWidth) / 2);
  const top = Math.floor((height - innerHeight) / 2);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < innerHeight; y++) {
    for (let x = 0; x < innerWidth; x++) {
      const light = inner[y * innerWidth + x];
      pixels[(top + y) * width + left + x] = Math.round(255 * (inverted ? 1 - light : light));
    }
  }
  return { width, height, pixels, inverted };
}

/** Mean light of the outermost pixels: what a drawing in the middle leaves free. */
function borderLight({ width, height, light }: GreyImage): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step) {
      sum += light[y * width + x];
      count++;
    }
  }
  return sum / count;
}

/**
 * Scales by averaging: each new pixel is the mean of the area that it covers in the old image, parts of pixels
 * included. Rows and columns are averaged one after the other, which gives the same mean.
 */
export function scaleByArea({ width, height, light }: GreyImage, newWidth: number, newHeight: number): Float64Array {
  const rows = new Float64Array(height * newWidth);
  for (let x = 0; x < newWidth; x++) {
    for (const { at, share } of coverage(x, width / newWidth, width)) {
      for (let y = 0; y < height; y++) rows[y * newWidth + x] += share * light[y * width + at];
    }
  }
  const scaled = new Float64Array(newHeight * newWidth);
  for (let y = 0; y < newHeight; y++) {
    for (const { at, share } of coverage(y, height / newHeight, height)) {
      for (let x = 0; x < newWidth; x++) scaled[y * newWidth + x] += share * rows[at * newWidth + x];
    }
  }
  return scaled;
}

/** The old pixels that new pixel `index` covers, with their shares of it, which add up to 1. */
function coverage(index: number, size: number, count: number): { at: number; share: number }[] {
  const start = index * size;
  const end = Math.min(start + size, count);
  const covered: { at: number; share: number }[] = [];
  for (let at = Math.floor(start); at < end; at++) {
    covered.push({ at, share: (Math.min(end, at + 1) - Math.max(start, at)) / (end - start) });
  }
  return covered;
}
