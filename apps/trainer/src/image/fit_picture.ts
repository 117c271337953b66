import type { PictureFit } from "@convoy/core/training";
import { fitInk } from "./fit_ink.ts";
import { toLight, type LightPicture } from "./light.ts";
import type { RgbaPicture } from "./read_picture.ts";
import { resample } from "./resample.ts";

/** A picture as the network takes it. */
export interface FittedPicture {
  /** NHWC, one byte a pixel and channel. */
  readonly input: Uint8Array;
  /** Whether dark and light were exchanged. */
  readonly inverted: boolean;
  /** Nothing is drawn on it, where a drawing is looked for. */
  readonly isEmpty: boolean;
}

/**
 * Makes a picture of any size into an image of the network's input.
 *
 * Shape: any → [height, width, channels].
 *
 * @param shape of the input, with one channel for grey or three for red, green and blue
 */
export function fitPicture(
  picture: RgbaPicture,
  fit: PictureFit,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
): FittedPicture {
  const isDarkGround = fit.ground === "dark";
  if (fit.fit === "ink" && channels === 1) {
    const { strength, isDark, isDrawn } = fitInk(toLight(picture), fit, width, height);
    const input = Uint8Array.from(strength, (value) => Math.round(255 * (isDarkGround ? value : 1 - value)));
    return { input, inverted: isDrawn && isDark === isDarkGround, isEmpty: !isDrawn };
  }
  const beside = isDarkGround ? 0 : 1;
  const seen =
    channels === 1 ? [toLight(picture, fit.ground === undefined ? beside : undefined)] : colors(picture, beside);
  const [first] = seen;
  const inverted = channels === 1 && fit.ground !== undefined && borderLight(first) > 0.5 === isDarkGround;
  const input = new Uint8Array(height * width * channels);
  for (const [channel, plane] of seen.entries()) {
    const placed = place(plane, fit.fit, width, height, inverted ? 1 - beside : beside);
    for (const [i, value] of placed.entries()) {
      input[i * channels + channel] = Math.round(255 * Math.min(Math.max(inverted ? 1 - value : value, 0), 1));
    }
  }
  return { input, inverted, isEmpty: false };
}

/** Red, green and blue on a ground, each as a plane. */
function colors({ width, height, rgba }: RgbaPicture, under: number): LightPicture[] {
  return [0, 1, 2].map((channel) => {
    const light = Float32Array.from({ length: width * height }, (_, i) => {
      const opacity = rgba[4 * i + 3] / 255;
      return (opacity * rgba[4 * i + channel]) / 255 + (1 - opacity) * under;
    });
    return { width, height, light };
  });
}

function place(
  { light, width, height }: LightPicture,
  fit: PictureFit["fit"],
  newWidth: number,
  newHeight: number,
  beside: number,
): Float32Array {
  if (fit === "stretch") return resample(light, width, { left: 0, top: 0, width, height }, newWidth, newHeight);
  if (fit === "cover") {
    const scale = Math.max(newWidth / width, newHeight / height);
    const area = { width: newWidth / scale, height: newHeight / scale };
    const middle = { left: (width - area.width) / 2, top: (height - area.height) / 2 };
    return resample(light, width, { ...area, ...middle }, newWidth, newHeight);
  }
  const scale = Math.min(newWidth / width, newHeight / height);
  const innerWidth = Math.max(1, Math.round(width * scale));
  const innerHeight = Math.max(1, Math.round(height * scale));
  const inner = resample(light, width, { left: 0, top: 0, width, height }, innerWidth, innerHeight);
  const left = Math.floor((newWidth - innerWidth) / 2);
  const top = Math.floor((newHeight - innerHeight) / 2);
  const placed = new Float32Array(newWidth * newHeight).fill(beside);
  for (let y = 0; y < innerHeight; y++) {
    placed.set(inner.subarray(y * innerWidth, (y + 1) * innerWidth), (top + y) * newWidth + left);
  }
  return placed;
}

/** Mean light of the outermost pixels: what a drawing in the middle leaves free. */
function borderLight({ width, height, light }: LightPicture): number {
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
