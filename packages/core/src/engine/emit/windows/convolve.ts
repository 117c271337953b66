import { Code } from "../module/code.ts";
import type { FilterShape } from "../tiles/filter_vectors.ts";
import type { Grid, Tile } from "../tiles/grid.ts";
import { clip } from "../tiles/clip.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitInterleave } from "./interleave.ts";
import { lanesOf, rowsAtOnce, windowTile } from "./tile.ts";
import { emitWindowRows, type WindowRows } from "./window_rows.ts";

/** A convolution of one channel; its windows are one float apart, and a row has as many as a register has lanes, or more. */
export interface WindowsShape extends FilterShape, Grid {
  /** Results become min(max(y, 0), clip): Infinity for relu. undefined: they stay. */
  readonly clip: number | undefined;
}

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, scratch: 5 } as const;

function rowsOf(shape: WindowsShape, panelVectors: PanelVectors): WindowRows {
  const lanes = lanesOf(panelVectors);
  const count = Math.ceil(shape.columns / lanes);
  const { filters, vectors } = windowTile(shape, shape.channels, panelVectors);
  const rowBytes = count * lanes * 4;
  return {
    lanes,
    unit: panelVectors / 2,
    count,
    early: count * lanes - shape.columns,
    rowBytes,
    channelStep: rowsAtOnce(shape, vectors, count) * rowBytes,
    filters,
    places: vectors,
    rows: 1,
    rowStep: shape.inputRowStep,
  };
}

/** Bytes of memory that the kernel needs for itself. */
export function windowsScratchBytes(shape: WindowsShape, panelVectors: PanelVectors): number {
  return shape.channels * rowsOf(shape, panelVectors).channelStep;
}

/**
 * out[n, p, k] = act(bias[k] + Σ in[n, window(p) + r · tapStride + s] · w[r, s, k]), with windows side by side in the lanes of
 * a register, not channels: for few filters, which would leave lanes idle. Weights are read in their own order, [R, S, K].
 */
export function emitWindows(shape: WindowsShape, panelVectors: PanelVectors): Code {
  const code = new Code(6);
  const rows = rowsOf(shape, panelVectors);
  const { lanes, count } = rows;
  const grid = {
    ...shape,
    columns: count,
    inputColumnStep: lanes * shape.inputColumnStep,
    outputColumnStep: lanes * shape.outputColumnStep,
  };
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: code.parameter(parameters.output),
    window: code.parameter(parameters.scratch),
  };
  const constants = { weights: code.parameter(parameters.weights), bias: code.parameter(parameters.bias) };
  emitWindowRows(
    code,
    shape,
    rows,
    grid,
    start,
    constants,
    (sums) => {
      clip(code, sums, shape.clip);
    },
    (tile) => emitOutputs(code, shape, rows, tile),
  );
  return code;
}

/** Brings the rows of scratch, which the tile was the last of, to the output. */
function emitOutputs(code: Code, shape: WindowsShape, of: WindowRows, { rows, columns, output }: Tile): void {
  const { lanes, count, early, channelStep } = of;
  const windowStep = shape.outputColumnStep;
  const [source, target] = [code.local("i32"), code.local("i32")];
  const row = { channels: shape.channels, source, channelStep, target, windowStep };
  // Of what was computed twice, whole vectors are left out.
  const known = early - (early % 4);
  code.advance(source, code.parameter(parameters.scratch), 0);
  code.advance(target, output, (columns - count) * lanes * windowStep);
  code.repeat(rows, () => {
    emitInterleave(code, row, (count - 1) * lanes);
    code.advance(source, source, known * 4).advance(target, target, (known - early) * windowStep);
    emitInterleave(code, row, lanes - known);
    code.advance(target, target, shape.outputRowStep - shape.columns * windowStep);
  });
  code.release("i32", source, target);
}
