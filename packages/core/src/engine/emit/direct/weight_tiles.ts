import type { Code, Local } from "../module/code.ts";
import { loadSplat, loadVectors, multiplyAdd, storeFirst } from "../tiles/simd.ts";
import { balanced, panelsOf, type PanelVectors, tileRows } from "../tiles/tiling.ts";

/** What an emitted weight gradient knows of its layer. Strides are bytes. */
export interface WeightGradientShape {
  readonly rows: number;
  readonly columns: number;
  readonly inputRowStep: number;
  readonly inputColumnStep: number;
  readonly inputImageStride: number;
  readonly gradientRowStep: number;
  readonly gradientColumnStep: number;
  readonly gradientImageStride: number;
  /** A window: `taps` rows of `segment` floats, `tapStride` apart. */
  readonly taps: number;
  readonly tapStride: number;
  readonly segment: number;
  readonly channels: number;
}

/** Some rows of the weight matrix by the channels of a panel: sums in registers. */
export interface WeightTile {
  /** [row][vector] */
  readonly sums: readonly (readonly Local[])[];
  /** Channels in the row; the last vector may have lanes to spare. */
  readonly channels: number;
  /** Byte offsets of the rows' inputs from `input`. */
  readonly offsets: readonly number[];
  /** Addresses of the first window's input, of its gradient, and of the tile's first weight. */
  readonly input: Local;
  readonly gradient: Local;
  readonly target: Local;
}

/** Walks over the weight matrix in tiles: panel by panel of channels, and down each panel. */
export function emitWeightTiles(
  code: Code,
  shape: WeightGradientShape,
  panelVectors: PanelVectors,
  start: { readonly input: Local; readonly gradient: Local; readonly target: Local },
  emit: (tile: WeightTile) => void,
): void {
  const target = code.local("i32");
  const gradient = code.local("i32");
  code.advance(target, start.target, 0).advance(gradient, start.gradient, 0);
  const panel = (vectors: number, channels: number): void => {
    const [input, row, tileTarget] = Array.from({ length: 3 }, () => code.local("i32"));
    code.advance(row, start.input, 0).advance(tileTarget, target, 0);
    emitPanel(code, shape, tileRows(vectors, panelVectors), row, input, (offsets) => {
      const sums = offsets.map(() => Array.from({ length: vectors }, () => code.local("v128")));
      emit({ sums, channels, offsets, input, gradient, target: tileTarget });
      code.release("v128", ...sums.flat());
      code.advance(tileTarget, tileTarget, offsets.length * shape.channels * 4);
    });
    code.release("i32", input, row, tileTarget);
    code.advance(target, target, vectors * 16).advance(gradient, gradient, vectors * 16);
  };
  for (const { count, vectors, channels } of panelsOf(shape.channels, panelVectors)) {
    code.repeat(count, () => panel(vectors, channels));
  }
  code.release("i32", target, gradient);
}

/** Rows of a weight matrix that are written out tile by tile, without loops. */
const fewRows = 64;

/** Calls `tile` for at most `most` rows of the weight matrix after the other; `input` is then where their inputs start. */
function emitPanel(
  code: Code,
  { taps, tapStride, segment }: WeightGradientShape,
  most: number,
  row: Local,
  input: Local,
  tile: (offsets: readonly number[]) => void,
): void {
  if (taps * segment <= fewRows) {
    // Tiles across taps: of short rows, or of rows just longer than a tile, each would leave registers idle.
    const offsets = Array.from({ length: taps * segment }, (_, i) => {
      return Math.floor(i / segment) * tapStride + (i % segment) * 4;
    });
    code.advance(input, row, 0);
    for (const { size, count } of balanced(offsets.length, most)) {
      for (let i = 0; i < count; i++) tile(offsets.splice(0, size));
    }
    return;
  }
  code.repeat(taps, () => {
    code.advance(input, row, 0);
    for (const { size, count } of balanced(segment, most)) {
      code.repeat(count, () => {
        tile(Array.from({ length: size }, (_, i) => i * 4));
        code.advance(input, input, size * 4);
      });
    }
    code.advance(row, row, tapStride);
  });
}

/** Windows that lie one after the other, in rows, and their gradients; bytes. */
export type WindowRows = Pick<
  WeightGradientShape,
  "columns" | "inputRowStep" | "inputColumnStep" | "gradientRowStep" | "gradientColumnStep"
>;

/**
 * sums[j] += in[window + offsets[j]] · dy[window] for `rows` rows of windows. `input` and `gradient` then point at the
 * row of windows that follows.
 */
export function emitWindows(
  code: Code,
  shape: WindowRows,
  { sums, offsets }: Pick<WeightTile, "sums" | "offsets">,
  rows: number,
  input: Local,
  gradient: Local,
): void {
  const factors = sums[0].map(() => code.local("v128"));
  const x = code.local("v128");
  code.repeat(rows, () => {
    code.repeat(shape.columns, () => {
      loadVectors(code, factors, gradient, 0);
      for (const [t, row] of sums.entries()) {
        loadSplat(code, x, input, offsets[t]);
        multiplyAdd(code, row, x, factors);
      }
      code.advance(input, input, shape.inputColumnStep).advance(gradient, gradient, shape.gradientColumnStep);
    });
    code.advance(input, input, shape.inputRowStep - shape.columns * shape.inputColumnStep);
    code.advance(gradient, gradient, shape.gradientRowStep - shape.columns * shape.gradientColumnStep);
  });
  code.release("v128", ...factors, x);
}

/** Writes a tile's sums to where its weights are. */
export function storeTile(code: Code, shape: WeightGradientShape, { sums, target, channels }: WeightTile): void {
  for (const [t, row] of sums.entries()) storeFirst(code, target, t * shape.channels * 4, row, channels);
}
