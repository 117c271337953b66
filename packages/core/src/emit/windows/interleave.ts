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

const firstHalves = [0, 4, 1, 5];
const lastHalves = [2, 6, 3, 7];

/** Four windows, four channels at a time turned in registers. */
function emitFour(code: Code, { channels, source, channelStep, target, windowStep }: WindowRow): void {
  const four = (): Local[] => Array.from({ length: 4 }, () => code.local("v128"));
  const [a, b] = [four(), four()];
  for (let first = 0; first < channels; first += 4) {
    const some = Math.min(4, channels - first);
    for (let k = 0; k < some; k++) loadVector(code, a[k], source, (first + k) * channelStep);
    // Where channels are missing, another takes their place and is not stored.
    const [k0, k1, k2, k3] = a.map((_, k) => a[Math.min(k, some - 1)]);
    pick(code, b[0], k0, k2, firstHalves);
    pick(code, b[1], k0, k2, lastHalves);
    pick(code, b[2], k1, k3, firstHalves);
    pick(code, b[3], k1, k3, lastHalves);
    pick(code, a[0], b[0], b[2], firstHalves);
    pick(code, a[1], b[0], b[2], lastHalves);
    pick(code, a[2], b[1], b[3], firstHalves);
    pick(code, a[3], b[1], b[3], lastHalves);
    for (const [x, vector] of a.entries()) storeFloats(code, target, first * 4 + x * windowStep, [vector], some);
  }
  code.release("v128", ...a, ...b);
}
