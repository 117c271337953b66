import type { PictureFit } from "@convoy/core/training";
import { findInk } from "./ink.ts";
import type { LightPicture } from "./light.ts";
import { resample } from "./resample.ts";
import { thicken } from "./thicken.ts";

/** A drawing as an image of the network's input. */
export interface InkImage {
  /** 0 the ground, 1 a stroke. */
  readonly strength: Float32Array;
  /** Whether the picture is dark on light. */
  readonly isDark: boolean;
  /** Whether anything is drawn on it. */
  readonly isDrawn: boolean;
}

/** The soft edge of a stroke, in pixels of the image. */
const margin = 2;

/** Cuts a drawing out and lays it as the images lie that the network was trained on. */
export function fitInk(
  picture: LightPicture,
  { size = 1, center }: PictureFit,
  width: number,
  height: number,
): InkImage {
  const { box, isDark, strength } = findInk(picture);
  const image = new Float32Array(width * height);
  if (box === undefined) return { strength: image, isDark, isDrawn: false };
  const longer = Math.max(box.right - box.left, box.bottom - box.top);
  // Near its size already, a drawing is only moved: to scale it would blur it.
  const scale = Math.abs(longer / size - 1) <= 0.15 ? 1 : size / longer;
  const around = Math.ceil(margin / scale);
  const area = {
    left: box.left - around,
    top: box.top - around,
    width: box.right - box.left + 2 * around,
    height: box.bottom - box.top + 2 * around,
  };
  const cut = cutOut(strength, picture, area);
  const ink = scale < 1 ? thicken(cut, area.width, longer) : cut;
  const newWidth = Math.max(1, Math.round(area.width * scale));
  const newHeight = Math.max(1, Math.round(area.height * scale));
  const scaled = resample(ink, area.width, { ...area, left: 0, top: 0 }, newWidth, newHeight);
  const most = scaled.reduce((a, b) => Math.max(a, b));
  const middle = center === "box" ? { x: newWidth / 2, y: newHeight / 2 } : centerOfMass(scaled, newWidth);
  // MNIST's centers of mass lie in the pixel behind the middle.
  const shift = center === "box" ? 0 : 0.5;
  const left = Math.round(Math.floor(width / 2) + shift - middle.x);
  const top = Math.round(Math.floor(height / 2) + shift - middle.y);
  for (let y = Math.max(0, -top); y < Math.min(newHeight, height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(newWidth, width - left); x++) {
      image[(top + y) * width + left + x] = scaled[y * newWidth + x] / most;
    }
  }
  return { strength: image, isDark, isDrawn: true };
}

/** @param area which may reach beyond the picture: there nothing is drawn */
function cutOut(
  strength: Float32Array,
  { width, height }: LightPicture,
  area: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Float32Array {
  const cut = new Float32Array(area.width * area.height);
  for (let y = Math.max(0, -area.top); y < Math.min(area.height, height - area.top); y++) {
    for (let x = Math.max(0, -area.left); x < Math.min(area.width, width - area.left); x++) {
      cut[y * area.width + x] = strength[(area.top + y) * width + area.left + x];
    }
  }
  return cut;
}

function centerOfMass(plane: Float32Array, width: number): { readonly x: number; readonly y: number } {
  let [mass, xs, ys] = [0, 0, 0];
  for (const [i, value] of plane.entries()) {
    mass += value;
    xs += value * ((i % width) + 0.5);
    ys += value * (Math.floor(i / width) + 0.5);
  }
  return { x: xs / mass, y: ys / mass };
}
