/** A part of a plane of numbers; its corners may lie between pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes a part of a plane larger or smaller: each new pixel is the mean of the area that it covers, parts of pixels included;
 * where that is less than a pixel, a straight line between the nearest two. What lies outside is like the edge.
 *
 * @returns newWidth × newHeight, row by row
 */
export function resample(
  plane: ArrayLike<number>,
  width: number,
  area: Area,
  newWidth: number,
  newHeight: number,
): Float32Array {
  const height = plane.length / width;
  const columns = weights(area.left, area.width, newWidth, width);
  const lines = weights(area.top, area.height, newHeight, height);
  const rows = new Float32Array(newWidth * height);
  for (let y = 0; y < height; y++) {
    for (const [x, covered] of columns.entries()) {
      let sum = 0;
      for (const { at, share } of covered) sum += share * plane[y * width + at];
      rows[y * newWidth + x] = sum;
    }
  }
  const result = new Float32Array(newWidth * newHeight);
  for (const [y, covered] of lines.entries()) {
    for (let x = 0; x < newWidth; x++) {
      let sum = 0;
      for (const { at, share } of covered) sum += share * rows[at * newWidth + x];
      result[y * newWidth + x] = sum;
    }
  }
  return result;
}

/** For each new pixel the old ones that make it, with their shares, which add up to 1. */
function weights(start: number, length: number, count: number, most: number): { at: number; share: number }[][] {
  const step = length / count;
  const inside = (at: number): number => Math.min(Math.max(at, 0), most - 1);
  return Array.from({ length: count }, (_, i) => {
    const from = start + i * step;
    if (step < 1) {
      const middle = from + step / 2 - 0.5;
      const at = Math.floor(middle);
      const share = middle - at;
      return [
        { at: inside(at), share: 1 - share },
        { at: inside(at + 1), share },
      ];
    }
    const covered: { at: number; share: number }[] = [];
    for (let at = Math.floor(from); at < from + step - 1e-9; at++) {
      covered.push({ at: inside(at), share: (Math.min(from + step, at + 1) - Math.max(from, at)) / step });
    }
    return covered;
  });
}
