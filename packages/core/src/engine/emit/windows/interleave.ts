import type { Code, Local } from "../module/code.ts";
import { loadVector, storeFloats } from "../tiles/simd.ts";
import { turn } from "./turn.ts";

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

/** Stores four windows of up to four channels, which have a vector each, window by window. `vectors` is used up. */
export function storeTurned(
  code: Code,
  vectors: readonly Local[],
  channels: number,
  target: Local,
  offset: number,
  windowStep: number,
): void {
  turn(code, vectors, channels);
  for (const [x, vector] of vectors.entries()) {
    storeFloats(code, target, offset + x * windowStep, [vector], channels);
  }
}
