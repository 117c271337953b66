import { type Kink, magnitude } from "./kink.ts";
import { type Tensor, tensor } from "./tensor.ts";

/** y = max(x, 0); `open[i]` is 1 where x > 0 */
export function relu(x: Tensor): { y: Tensor; open: Int32Array } {
  const y = tensor(x.shape);
  const open = new Int32Array(x.data.length);
  for (let i = 0; i < x.data.length; i++) {
    if (x.data[i] <= 0) continue;
    y.data[i] = x.data[i];
    open[i] = 1;
  }
  return { y, open };
}

/** dx = dy where the relu was open, else 0 */
export function reluGradient(dy: Tensor, open: Int32Array): Tensor {
  const dx = tensor(dy.shape);
  for (let i = 0; i < dy.data.length; i++) if (open[i] === 1) dx.data[i] = dy.data[i];
  return dx;
}

/** Values nearer to zero than the tolerance. Zero itself is no kink: it is shut, in float32 too. */
export function reluKinks(x: Tensor, tolerance: number): Kink[] {
  const kinks: Kink[] = [];
  const limit = tolerance * magnitude(x.data);
  for (let element = 0; element < x.data.length; element++) {
    const value = x.data[element];
    if (value !== 0 && Math.abs(value) < limit) kinks.push({ element, alternative: value > 0 ? 0 : 1 });
  }
  return kinks;
}
