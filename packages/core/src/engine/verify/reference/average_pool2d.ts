import { forEachPool, type Pool2dSettings } from "./pool_windows.ts";
import { type Tensor, tensor } from "./tensor.ts";

/**
 *     y[out] = mean of the window's real cells: padding is not counted
 *
 * Shape: [N, H, W, C] → [N, P, Q, C]
 */
export function averagePool2d(x: Tensor, settings: Pool2dSettings): Tensor {
  const values: number[] = [];
  const shape = forEachPool(x, settings, (_, cells) => {
    let sum = 0;
    for (const cell of cells) sum += x.data[cell];
    values.push(sum / cells.length);
  });
  return tensor(shape, values);
}

/** dx[cell] += dy[out] / cells of the window, for each of its cells */
export function averagePool2dGradient(x: Tensor, dy: Tensor, settings: Pool2dSettings): Tensor {
  const dx = tensor(x.shape);
  forEachPool(x, settings, (out, cells) => {
    for (const cell of cells) dx.data[cell] += dy.data[out] / cells.length;
  });
  return dx;
}
