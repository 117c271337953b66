import type { LightPicture } from "./light.ts";
import { resample } from "./resample.ts";

/** Pixels of the longer side of the small picture in which the ground is looked for. */
const small = 64;
/** Half the width of the widest stroke that is still a drawing, as a share of the longer side. */
const widest = 0.2;

/** What a drawing is drawn on. */
export interface Ground {
  /** Whether the drawing is darker. */
  readonly isLight: boolean;
  /** Its light behind each pixel. */
  readonly light: Float32Array;
}

/**
 * Finds the ground behind a drawing, however it is shaded: of each place, the shade that is left when everything narrower than
 * a stroke is filled from its sides. That is a closing of dark strokes, an opening of light ones, by a square window.
 *
 * Source: Serra, Image Analysis and Mathematical Morphology (1982): the top-hat transform
 */
export function findGround({ width, height, light }: LightPicture): Ground {
  const scale = Math.min(1, small / Math.max(width, height));
  const [columns, rows] = [width, height].map((size) => Math.max(1, Math.round(size * scale)));
  const little = resample(light, width, { left: 0, top: 0, width, height }, columns, rows);
  const radius = reach(columns, rows);
  const filter = (plane: Float32Array, pick: typeof Math.max): Float32Array => {
    return slide(slide(plane, columns, rows, radius, pick, true), columns, rows, radius, pick, false);
  };
  const closed = filter(filter(little, Math.max), Math.min);
  const opened = filter(filter(little, Math.min), Math.max);
  const isLight = isGroundLight(closed, opened, little, columns);
  const smooth = blur(isLight ? closed : opened, columns, rows, Math.ceil(radius / 4));
  const area = { left: 0, top: 0, width: columns, height: rows };
  return { isLight, light: resample(smooth, columns, area, width, height) };
}

/**
 * Around a drawing and between its strokes the two filters differ; elsewhere there is bare ground. It is light where the
 * closing, which fills dark strokes, comes nearer to its shade. A drawing that fills the picture leaves no ground but along the
 * edge: there, filling strokes of the drawing's own shade changes least.
 */
function isGroundLight(closed: Float32Array, opened: Float32Array, little: Float32Array, columns: number): boolean {
  const rows = little.length / columns;
  const contrast = closed.reduce((most, light, i) => Math.max(most, light - opened[i]), 0);
  const bare = closed.map((light, i) => (light - opened[i] < contrast / 4 ? 1 : 0));
  const isOnEdge = (i: number): boolean =>
    i < columns || i >= little.length - columns || i % columns === 0 || i % columns === columns - 1;
  const radius = reach(columns, rows);
  // Of the bare ground nearby: the sheet beside the table that it lies on.
  const shares = blur(bare, columns, rows, radius);
  const shades = blur(
    little.map((light, i) => light * bare[i]),
    columns,
    rows,
    radius,
  );
  const hasGround = bare.reduce((sum, one) => sum + one, 0) > little.length / 20;
  let [dark, bright] = [0, 0];
  for (const [i, light] of little.entries()) {
    if (hasGround ? bare[i] === 1 || shares[i] === 0 : !isOnEdge(i)) continue;
    const shade = hasGround ? shades[i] / shares[i] : light;
    dark += Math.abs(closed[i] - shade);
    bright += Math.abs(opened[i] - shade);
  }
  return dark < bright;
}

function reach(columns: number, rows: number): number {
  return Math.max(1, Math.round(widest * Math.max(columns, rows)));
}

/** The largest or smallest value of a window along rows or columns, which ends at the edge. */
function slide(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  pick: typeof Math.max,
  alongRows: boolean,
): Float32Array {
  const result = new Float32Array(plane.length);
  const [length, stride, step] = alongRows ? [width, 1, width] : [height, width, 1];
  for (let line = 0; line < plane.length / length; line++) {
    for (let i = 0; i < length; i++) {
      const from = Math.max(0, i - radius);
      const to = Math.min(length - 1, i + radius);
      let value = plane[line * step + from * stride];
      for (let at = from + 1; at <= to; at++) value = pick(value, plane[line * step + at * stride]);
      result[line * step + i * stride] = value;
    }
  }
  return result;
}

/** The mean of a window that ends at the edge. */
function blur(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const result = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
        for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
          sum += plane[v * width + u];
          count++;
        }
      }
      result[y * width + x] = sum / count;
    }
  }
  return result;
}
