import type { RgbaPicture } from "./read_picture.ts";

/** Light of each pixel, row by row: 0 black, 1 white. */
export interface LightPicture {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
}

/**
 * Makes a picture grey.
 *
 *     light = 0.299 red + 0.587 green + 0.114 blue
 *
 * @param under what shows through where it is transparent, 0 to 1. Default: the shade that what is drawn stands out from,
 *   black behind a light drawing and white behind a dark one
 *
 * Source: ITU-R BT.601, luma
 */
export function toLight({ width, height, rgba }: RgbaPicture, under?: number): LightPicture {
  const light = new Float32Array(width * height);
  let drawn = 0;
  let drawnLight = 0;
  for (let i = 0; i < light.length; i++) {
    const at = 4 * i;
    const opacity = rgba[at + 3] / 255;
    light[i] = (0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2]) / 255;
    drawn += opacity;
    drawnLight += opacity * light[i];
  }
  const ground = under ?? (drawnLight > drawn / 2 ? 0 : 1);
  for (let i = 0; i < light.length; i++) {
    const opacity = rgba[4 * i + 3] / 255;
    light[i] = opacity * light[i] + (1 - opacity) * ground;
  }
  return { width, height, light };
}
