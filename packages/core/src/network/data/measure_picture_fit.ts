import type { ImageData } from "./image_store.ts";
import type { PictureFit } from "./picture_fit.ts";

/** So many are looked at, spread over all. */
const most = 1000;
/** Of the images, how many must be alike. */
const share = 0.9;
/** A pixel that differs from the ground by more is ink. */
const faint = 64;

/**
 * Finds out how images lie: with a ground of one shade around what they show, and that in the middle and of one size, or
 * not. A picture that is fitted in the same way looks to the network as they did.
 *
 * @returns nothing for floats, whose scale is their maker's
 */
export function measurePictureFit({ images, shape }: Pick<ImageData, "images" | "shape">): PictureFit | undefined {
  if (!(images instanceof Uint8Array)) return undefined;
  const [height, width, channels] = shape;
  const pixels = height * width;
  const count = images.length / (pixels * channels);
  if (channels !== 1 || count === 0) return { fit: "cover" };
  const looked = Math.min(count, most);
  const looks = Array.from({ length: looked }, (_, i) => {
    const at = Math.floor((i * count) / looked) * pixels;
    return images.subarray(at, at + pixels);
  });
  const grounds = looks.map((image) => groundOf(image, width, height));
  const ground = (["dark", "light"] as const).find((shade) => isUsual(grounds, (one) => one === shade));
  if (ground === undefined) return { fit: "cover" };
  const inks = looks.map((image) => inkOf(image, width, height, ground)).filter((ink) => ink !== undefined);
  if (inks.length === 0) return { fit: "contain", ground };
  const size = inks.map(({ length }) => length).toSorted((a, b) => a - b)[inks.length >> 1];
  // As in an image of MNIST's size: pixels are whole, so no center is exact.
  const near = Math.max(1, Math.max(width, height) / 28);
  const isOfOneSize = isUsual(inks, ({ length }) => Math.abs(length - size) <= Math.max(1, size * 0.1));
  const center = (["mass", "box"] as const).find((kind) =>
    isUsual(inks, (ink) => Math.abs(ink[kind].x - width / 2) <= near && Math.abs(ink[kind].y - height / 2) <= near),
  );
  return isOfOneSize && center !== undefined ? { fit: "ink", ground, size, center } : { fit: "contain", ground };
}

function isUsual<One>(all: readonly One[], is: (one: One) => boolean): boolean {
  return all.filter(is).length >= share * all.length;
}

/** The shade of most pixels along the edge. */
function groundOf(image: Uint8Array, width: number, height: number): "dark" | "light" | undefined {
  let dark = 0;
  let light = 0;
  let edge = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step) {
      const pixel = image[y * width + x];
      edge++;
      if (pixel <= faint / 2) dark++;
      if (pixel >= 255 - faint / 2) light++;
    }
  }
  if (dark > 0.6 * edge) return "dark";
  return light > 0.6 * edge ? "light" : undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Ink {
  /** Of the longer side of its box. */
  readonly length: number;
  readonly mass: Point;
  readonly box: Point;
}

/** Nothing where nothing is drawn. */
function inkOf(image: Uint8Array, width: number, height: number, ground: "dark" | "light"): Ink | undefined {
  let [left, right, top, bottom] = [width, 0, height, 0];
  let [mass, xs, ys] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = image[y * width + x];
      const ink = ground === "dark" ? pixel : 255 - pixel;
      mass += ink;
      xs += ink * (x + 0.5);
      ys += ink * (y + 0.5);
      if (ink <= faint) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  if (left >= right) return undefined;
  return {
    length: Math.max(right - left, bottom - top),
    mass: { x: xs / mass, y: ys / mass },
    box: { x: (left + right) / 2, y: (top + bottom) / 2 },
  };
}
