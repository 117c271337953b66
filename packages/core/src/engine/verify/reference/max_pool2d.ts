import { type Kink, magnitude } from "./kink.ts";
import { forEachPool, type Pool2dSettings } from "./pool_windows.ts";
import { type Tensor, tensor } from "./tensor.ts";

/**
 *     y[out] = max over the window's real cells; `chosen[out]` is the first cell that holds it
 *
 * Shape: [N, H, W, C] → [N, P, Q, C]
 */
export function maxPool2d(x: Tensor, settings: Pool2dSettings): { y: Tensor; chosen: Int32Array } {
  const values: number[] = [];
  const places: number[] = [];
  const shape = forEachPool(x, settings, (_, cells) => {
    let best = cells[0];
    for (const cell of cells) if (x.data[cell] > x.data[best]) best = cell;
    values.push(x.data[best]);
    places.push(best);
  });
  return { y: tensor(shape, values), chosen: Int32Array.from(places) };
}

/** dx[chosen[out]] += dy[out] */
export function maxPool2dGradient(dy: Tensor, chosen: Int32Array, inputShape: readonly number[]): Tensor {
  const dx = tensor(inputShape);
  for (let out = 0; out < dy.data.length; out++) dx.data[chosen[out]] += dy.data[out];
  return dx;
}

/**
 * Cells that lost by less than the tolerance. Equal ones are no kink: there the first wins, in float32 too.
 */
export function maxPool2dKinks(x: Tensor, settings: Pool2dSettings, chosen: Int32Array, tolerance: number): Kink[] {
  const kinks: Kink[] = [];
  const limit = tolerance * magnitude(x.data);
  forEachPool(x, settings, (element, cells) => {
    const best = x.data[chosen[element]];
    for (const cell of cells) {
      const lost = best - x.data[cell];
      if (lost > 0 && lost < limit) kinks.push({ element, alternative: cell });
    }
  });
  return kinks;
}
