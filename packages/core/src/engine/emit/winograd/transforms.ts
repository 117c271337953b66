import type { Code, Local } from "../module/code.ts";
import { addMultiple, addVectors, combine, copy, scale } from "../tiles/simd.ts";

/** Outputs of a tile along one axis: F(2×2, 3×3) or F(4×4, 3×3). Its inputs are two more. */
export type WinogradTile = 2 | 4;

/** Values along one axis of a tile; each is some vectors of channels. */
export type Values = readonly (readonly Local[])[];

interface Transforms {
  /** Bᵀ x, in place. */
  readonly input: (code: Code, values: Values) => void;
  /** Aᵀ x, in place: the first `tile` values are the result. */
  readonly output: (code: Code, values: Values) => void;
}

/**
 * The transforms along one axis, for the points 0, 1, -1 and, with four outputs, 2 and -2.
 *
 * Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
 */
export const transforms: Readonly<Record<WinogradTile, Transforms>> = {
  2: { input: inputOfTwo, output: outputOfTwo },
  4: { input: inputOfFour, output: outputOfFour },
};

/** a - c, b + c, c - b, b - d */
function inputOfTwo(code: Code, [a, b, c, d]: Values): void {
  const sum = b.map(() => code.local("v128"));
  combine(code, sum, b, "add", c);
  combine(code, a, a, "subtract", c);
  combine(code, d, b, "subtract", d);
  combine(code, c, c, "subtract", b);
  copy(code, b, sum);
  code.release("v128", ...sum);
}

/** a + b + c, b - c - d */
function outputOfTwo(code: Code, [a, b, c, d]: Values): void {
  combine(code, a, a, "add", b);
  combine(code, a, a, "add", c);
  combine(code, b, b, "subtract", c);
  combine(code, b, b, "subtract", d);
}

/**
 * 4a - 5c + e, (e - 4c) ± (d - 4b), (e - c) ± 2(d - b), 4b - 5d + f
 */
function inputOfFour(code: Code, [a, b, c, d, e, f]: Values): void {
  const [first, even, odd] = Array.from({ length: 3 }, () => a.map(() => code.local("v128")));
  copy(code, first, e);
  addMultiple(code, first, -5, c);
  addMultiple(code, first, 4, a);
  copy(code, a, first);
  addMultiple(code, f, -5, d);
  addMultiple(code, f, 4, b);
  copy(code, even, e);
  addMultiple(code, even, -4, c);
  copy(code, odd, d);
  addMultiple(code, odd, -4, b);
  combine(code, e, e, "subtract", c);
  combine(code, first, d, "subtract", b);
  combine(code, b, even, "add", odd);
  combine(code, c, even, "subtract", odd);
  copy(code, d, e);
  addMultiple(code, d, 2, first);
  addMultiple(code, e, -2, first);
  code.release("v128", ...first, ...even, ...odd);
}

/** a + (b + c) + (d + e), (b - c) + 2(d - e), (b + c) + 4(d + e), (b - c) + 8(d - e) + f */
function outputOfFour(code: Code, [a, b, c, d, e, f]: Values): void {
  const [even, odd] = [b.map(() => code.local("v128")), b.map(() => code.local("v128"))];
  combine(code, even, d, "add", e);
  combine(code, odd, d, "subtract", e);
  combine(code, d, b, "subtract", c);
  combine(code, c, b, "add", c);
  copy(code, b, d);
  addVectors(code, a, c);
  addVectors(code, a, even);
  addMultiple(code, b, 2, odd);
  addMultiple(code, c, 4, even);
  addVectors(code, d, f);
  addMultiple(code, d, 8, odd);
  code.release("v128", ...even, ...odd);
}

/**
 * For the weight gradient, a convolution of a patch of the input with a 4×4 patch of the output's gradient, with the same
 * points: F(3×3, 4×4). Each takes six values in place.
 *
 * Of the gradient's four values, powers of the points: a, (a + c) ± (b + d), (a + 4c) ± (2b + 8d), d. What they should be
 * divided by is left to the end, which comes once a shard.
 */
export function gradientOfFour(code: Code, [a, b, c, d, e, f]: Values): void {
  const [even, odd] = [a.map(() => code.local("v128")), a.map(() => code.local("v128"))];
  copy(code, f, d);
  combine(code, even, b, "add", b);
  addMultiple(code, even, 8, d);
  copy(code, odd, a);
  addMultiple(code, odd, 4, c);
  combine(code, e, odd, "subtract", even);
  combine(code, odd, odd, "add", even);
  combine(code, even, a, "add", c);
  combine(code, d, b, "add", d);
  combine(code, b, even, "add", d);
  combine(code, c, even, "subtract", d);
  copy(code, d, odd);
  code.release("v128", ...even, ...odd);
}

/** The first three values become a tap's weights: Σ v, Σ point · v, Σ point² · v, where v are the values divided. */
export function weightsOfFour(code: Code, [a, b, c, d, e, f]: Values): void {
  const [even, odd] = [a.map(() => code.local("v128")), a.map(() => code.local("v128"))];
  scale(code, a, 1 / 4);
  combine(code, even, b, "add", c);
  combine(code, odd, b, "subtract", c);
  combine(code, b, d, "subtract", e);
  combine(code, d, d, "add", e);
  scale(code, even, -1 / 6);
  scale(code, odd, -1 / 6);
  scale(code, d, 1 / 24);
  scale(code, b, 1 / 12);
  addVectors(code, a, even);
  addVectors(code, a, d);
  addVectors(code, b, odd);
  combine(code, c, even, "add", f);
  addMultiple(code, c, 4, d);
  code.release("v128", ...even, ...odd);
}
