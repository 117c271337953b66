import type { Code, Local } from "../module/code.ts";
import { pick } from "../tiles/simd.ts";

const firstHalves = [0, 4, 1, 5];
const lastHalves = [2, 6, 3, 7];

/**
 * vectors[i][j] = vectors[j][i] for four vectors of four floats. Where only the first `given` are known, one of them takes the
 * place of the others, so that the floats behind `given` mean nothing.
 */
export function turn(code: Code, vectors: readonly Local[], given: number): void {
  const turned = vectors.map(() => code.local("v128"));
  const [v0, v1, v2, v3] = vectors.map((_, i) => vectors[Math.min(i, given - 1)]);
  pick(code, turned[0], v0, v2, firstHalves);
  pick(code, turned[1], v0, v2, lastHalves);
  pick(code, turned[2], v1, v3, firstHalves);
  pick(code, turned[3], v1, v3, lastHalves);
  pick(code, vectors[0], turned[0], turned[2], firstHalves);
  pick(code, vectors[1], turned[0], turned[2], lastHalves);
  pick(code, vectors[2], turned[1], turned[3], firstHalves);
  pick(code, vectors[3], turned[1], turned[3], lastHalves);
  code.release("v128", ...turned);
}
