import type { ActivationRules } from "../../../network/activations/activation.ts";
import { type Kink, magnitude } from "./kink.ts";
import { type Tensor, tensor } from "./tensor.ts";

/** y = f(x); `pieces[i]` counts the corners of f below x */
export function activate(
  x: Tensor,
  { value, corners }: Pick<ActivationRules, "value" | "corners">,
): { y: Tensor; pieces: Int32Array } {
  const y = tensor(x.shape);
  const pieces = new Int32Array(x.data.length);
  for (let i = 0; i < x.data.length; i++) {
    y.data[i] = value(x.data[i]);
    pieces[i] = pieceOf(x.data[i], corners);
  }
  return { y, pieces };
}

/** dx = dy · f'(x), where x counts as lying in the given piece of f */
export function activationGradient(dy: Tensor, x: Tensor, pieces: Int32Array, rules: ActivationRules): Tensor {
  const { keeps, value, slope, corners } = rules;
  const dx = tensor(dy.shape);
  for (let i = 0; i < x.data.length; i++) {
    const at = inPiece(x.data[i], pieces[i], corners);
    dx.data[i] = dy.data[i] * slope(keeps === "output" ? value(at) : at);
  }
  return dx;
}

/** Values nearer to a corner than the tolerance. The corner itself is no kink: float32 takes it for the same piece. */
export function activationKinks(x: Tensor, corners: readonly number[], tolerance: number): Kink[] {
  const kinks: Kink[] = [];
  const limit = tolerance * magnitude(x.data);
  for (let element = 0; element < x.data.length; element++) {
    const value = x.data[element];
    for (const [n, corner] of corners.entries()) {
      if (value === corner || Math.abs(value - corner) >= limit) continue;
      kinks.push({ element, alternative: value > corner ? n : n + 1 });
    }
  }
  return kinks;
}

function pieceOf(x: number, corners: readonly number[]): number {
  return corners.filter((corner) => x > corner).length;
}

/** x, or where another piece is wanted, a point of that piece next to the corner between. */
function inPiece(x: number, piece: number, corners: readonly number[]): number {
  const own = pieceOf(x, corners);
  if (piece === own) return x;
  const corner = corners[Math.min(piece, own)];
  const little = corner === 0 ? Number.MIN_VALUE : Math.abs(corner) * Number.EPSILON;
  return piece > own ? corner + little : corner - little;
}
