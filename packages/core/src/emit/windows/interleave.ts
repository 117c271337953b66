import type { Code, Local } from "../module/code.ts";
import { loadVector, pick, storeFloats } from "../tiles/simd.ts";

/** Outputs side by side, channel by channel, and where they go, window by window. */
export interface WindowRow {
  readonly channels: number;
  /** Address of the first channel's outputs; bytes to the next channel's. */
  readonly source: Local;
  readonly channelStep: number;
  /** Address of the first window's outputs; bytes to the next window's. */
  readonly target: Local;
  readonly windowStep: number;
}

/** target[x, k] = source[k, x] for so many windows, a multiple of four; `source` and `target` then point behind them. */
export function emitInterleave(code: Code, row: WindowRow, windows: number): void {
  code.repeat(windows / 4, () => {
    emitFour(code, row);
    code.advance(row.source, row.source, 16).advance(row.target, row.target, 4 * row.windowStep);
  });
}

/** Four windows, four channels at a time turned in registers. */
function emitFour(code: Code, { channels, source, channelStep, target, windowStep }: WindowRow): void {
  const vectors = Array.from({ length: 4 }, () => code.local("v128"));
  for (let first = 0; first < channels; first += 4) {
    const some = Math.min(4, channels - first);
    for (let k = 0; k < some; k++) loadVector(code, vectors[k], source, (first + k) * channelStep);
    storeTurned(code, vectors, some, target, first * 4, windowStep);
  }
  code.release("v128", ...vectors);
}

const firstHalves = [0, 4, 1, 5];
const lastHalves = [2, 6, 3, 7];

/** Stores four windows of up to four channels, which have a vector each, window by window. `vectors` is used up. */
export function storeTurned(
  code: Code,
  vectors: readonly Local[],
  channels: number,
  target: Local,
  offset: number,
  windowStep: number,
): void {
  const turned = vectors.map(() => code.local("v128"));
  // Where channels are missing, another takes their place and is not stored.
  const [k0, k1, k2, k3] = vectors.map((_, k) => vectors[Math.min(k, channels - 1)]);
  pick(code, turned[0], k0, k2, firstHalves);
  pick(code, turned[1], k0, k2, lastHalves);
  pick(code, turned[2], k1, k3, firstHalves);
  pick(code, turned[3], k1, k3, lastHalves);
  pick(code, vectors[0], turned[0], turned[2], firstHalves);
  pick(code, vectors[1], turned[0], turned[2], lastHalves);
  pick(code, vectors[2], turned[1], turned[3], firstHalves);
  pick(code, vectors[3], turned[1], turned[3], lastHalves);
  for (const [x, vector] of vectors.entries()) {
    storeFloats(code, target, offset + x * windowStep, [vector], channels);
  }
  code.release("v128", ...turned);
}
