import type { Code, Local } from "../module/code.ts";
import { clipMaxima } from "../tiles/clip.ts";
import { addIntegers, copy, loadVector, pick, splatInteger, takeGreater } from "../tiles/simd.ts";
import { storeTurned } from "./interleave.ts";
import { poolLanes } from "./tile.ts";

/** Outputs of two rows of windows, channel by channel, and where the maxima of their 2×2 pools go, pool by pool. */
export interface PoolRow {
  readonly channels: number;
  /** Results become min(max(y, 0), clip): Infinity for relu. undefined: they stay. */
  readonly clip: number | undefined;
  /** Address of the first channel's outputs of the first row; bytes to the next row's, and to the next channel's. */
  readonly source: Local;
  readonly rowStep: number;
  readonly channelStep: number;
  /** Addresses of the first pool's maximum and of its index; bytes to the next pool's. */
  readonly target: Local;
  readonly poolStep: number;
  readonly argmax: Local;
  /** Bytes from the start of the input image to the first window; it advances. */
  readonly window: Local;
  /** Bytes from a pool's first window to each of its four. */
  readonly cells: readonly number[];
}

/** For so many times four pools; all addresses then point behind them. */
export function emitPoolInterleave(code: Code, row: PoolRow, times: number): void {
  const { source, target, poolStep, argmax, window, channels } = row;
  code.repeat(times, () => {
    emitFourPools(code, row);
    code.advance(source, source, poolLanes * 4).advance(target, target, 4 * poolStep);
    code.advance(argmax, argmax, 4 * channels * 4).advance(window, window, poolLanes * 4);
  });
}

const even = [0, 2, 4, 6];
const odd = [1, 3, 5, 7];

function emitFourPools(code: Code, row: PoolRow): void {
  const { channels, clip, source, rowStep, channelStep, target, poolStep, argmax, window, cells } = row;
  const four = (): Local[] => Array.from({ length: 4 }, () => code.local("v128"));
  const [maxima, indices, index] = [four(), four(), four()];
  const [a, b, candidate, mask] = four();
  for (const [cell, offset] of cells.entries()) {
    splatInteger(code, index[cell], window, offset);
    // Pools side by side are two windows apart.
    addIntegers(code, index[cell], [0, 8, 16, 24]);
  }
  for (let first = 0; first < channels; first += 4) {
    const some = Math.min(4, channels - first);
    for (let k = 0; k < some; k++) {
      for (const [cell, place] of index.entries()) {
        const half = cell % 2 === 0 ? even : odd;
        if (cell % 2 === 0) {
          const at = (first + k) * channelStep + (cell / 2) * rowStep;
          loadVector(code, a, source, at);
          loadVector(code, b, source, at + 16);
        }
        if (cell === 0) {
          pick(code, maxima[k], a, b, half);
          copy(code, [indices[k]], [place]);
        } else {
          pick(code, candidate, a, b, half);
          takeGreater(code, [maxima[k]], [indices[k]], [candidate], place, [mask]);
        }
      }
    }
    clipMaxima(code, maxima.slice(0, some), indices.slice(0, some), clip);
    storeTurned(code, maxima, some, target, first * 4, poolStep);
    storeTurned(code, indices, some, argmax, first * 4, channels * 4);
  }
  code.release("v128", ...maxima, ...indices, ...index, a, b, candidate, mask);
}
