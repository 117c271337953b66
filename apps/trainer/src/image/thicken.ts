/** Pixels that a stroke should have across, of a hundred along the drawing: a little less than MNIST's have. */
const least = 0.09;

/**
 * Makes strokes thicker where they are so thin that they would fade when the drawing is made small: a fine pen on a large sheet.
 * How thick they are is about twice their area, over the length of their edge.
 *
 * @param strength 0 to 1, row by row; the drawing does not reach the edge
 * @param longer pixels of the longer side of the drawing
 */
export function thicken(strength: Float32Array, width: number, longer: number): Float32Array {
  let area = 0;
  let edge = 0;
  const isDrawn = (i: number): boolean => strength[i] > 0.35;
  for (let i = width; i < strength.length - width; i++) {
    if (!isDrawn(i)) continue;
    area++;
    for (const next of [i - 1, i + 1, i - width, i + width]) if (!isDrawn(next)) edge++;
  }
  const radius = Math.round((least * longer - (2 * area) / edge) / 2);
  if (!(radius >= 1)) return strength;
  return spread(spread(strength, width, 1, radius), width, width, radius);
}

/** The largest value of a window along one direction. */
function spread(plane: Float32Array, width: number, stride: number, radius: number): Float32Array {
  return plane.map((value, i) => {
    const place = stride === 1 ? i % width : Math.floor(i / width);
    const length = stride === 1 ? width : plane.length / width;
    let most = value;
    for (let step = -Math.min(radius, place); step <= Math.min(radius, length - 1 - place); step++) {
      most = Math.max(most, plane[i + step * stride]);
    }
    return most;
  });
}
