import type { DecodedPng } from "fast-png";
import { convertIndexedToRgb } from "fast-png";

/** Light of each pixel, row by row: 0 black, 1 white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
}

/**
 * Turns a decoded PNG of any kind into grey. Transparent parts take the shade that what is drawn stands out from:
 * black behind a light drawing, white behind a dark one.
 *
 *     light = 0.299 red + 0.587 green + 0.114 blue
 *
 * Source: ITU-R BT.601, luma
 */
export function toGrey(png: DecodedPng): GreyImage {
  const { width, height } = png;
  const { samples, channels, most } = unpack(png);
  const hasAlpha = channels === 2 || channels === 4;
  const alphaAt = (i: number): number => {
    if (hasAlpha) return samples[i * channels + channels - 1] / most;
    return isTransparentColor(png, samples, i * channels, channels) ? 0 : 1;
  };
  const light = new Float32Array(width * height);
  let drawn = 0;
  let drawnLight = 0;
  for (let i = 0; i < light.length; i++) {
    const at = i * channels;
    const grey = channels < 3 ? samples[at] : 0.299 * samples[at] + 0.587 * samples[at + 1] + 0.114 * samples[at + 2];
    const alpha = alphaAt(i);
    light[i] = grey / most;
    drawn += alpha;
    drawnLight += alpha * light[i];
  }
  const background = drawnLight > drawn / 2 ? 0 : 1;
  for (let i = 0; i < light.length; i++) {
    const alpha = alphaAt(i);
    light[i] = alpha * light[i] + (1 - alpha) * background;
  }
  return { width, height, light };
}

interface Samples {
  readonly samples: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly channels: number;
  readonly most: number;
}

function unpack(png: DecodedPng): Samples {
  if (png.palette !== undefined && png.channels === 1) {
    return { samples: convertIndexedToRgb(png), channels: png.palette[0].length, most: 255 };
  }
  if (png.depth >= 8) return { samples: png.data, channels: png.channels, most: 2 ** png.depth - 1 };
  // Small samples lie side by side in a byte, the first in the highest bits; each row begins a new byte.
  const { width, height, depth, data } = png;
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * bytesPerRow + (bit >> 3)];
    samples[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return { samples, channels: 1, most: 2 ** depth - 1 };
}

/** A PNG without alpha may name one color that counts as transparent. */
function isTransparentColor(png: DecodedPng, samples: Samples["samples"], at: number, channels: number): boolean {
  const color = png.transparency;
  if (color === undefined || color.length !== channels) return false;
  return color.every((sample, channel) => samples[at + channel] === sample);
}
