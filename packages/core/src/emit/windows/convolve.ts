import { Code } from "../module/code.ts";
import type { FilterShape } from "../tiles/filter_vectors.ts";
import { emitGrid, type Grid, type Tile, tileOffsets } from "../tiles/grid.ts";
import { rectify } from "../tiles/simd.ts";
import { balanced, type PanelVectors } from "../tiles/tiling.ts";
import { emitInterleave } from "./interleave.ts";
import { lanesOf, rowsAtOnce, windowTile } from "./tile.ts";
import { emitWindowSums } from "./window_sums.ts";

/** A convolution of one channel; its windows are one float apart, and a row has as many as a register has lanes, or more. */
export interface WindowsShape extends FilterShape, Grid {
  readonly relu: boolean;
}

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, scratch: 5 } as const;

/** Windows in whole registers, and where the outputs of a row of tiles lie until the row is whole: [channel][row][window]. */
interface Registers {
  readonly lanes: number;
  /** Registers in a row. */
  readonly count: number;
  /** Windows by which a row's last register begins early, so that all its lanes are windows; they are computed twice. */
  readonly early: number;
  readonly rowBytes: number;
  readonly channelStep: number;
}

function registersOfRow(shape: WindowsShape, panelVectors: PanelVectors): Registers {
  const lanes = lanesOf(panelVectors);
  const count = Math.ceil(shape.columns / lanes);
  const rowBytes = count * lanes * 4;
  const channelStep = rowsAtOnce(shape, windowTile(shape, shape.channels, panelVectors).vectors, count) * rowBytes;
  return { lanes, count, early: count * lanes - shape.columns, rowBytes, channelStep };
}

/** Bytes of memory that the kernel needs for itself. */
export function windowsScratchBytes(shape: WindowsShape, panelVectors: PanelVectors): number {
  return shape.channels * registersOfRow(shape, panelVectors).channelStep;
}

/**
 * out[n, p, k] = act(bias[k] + Σ in[n, window(p) + r · tapStride + s] · w[r, s, k]), with windows side by side in the lanes of
 * a register, not channels: for few filters, which would leave lanes idle. Weights are read in their own order, [R, S, K].
 */
export function emitWindows(shape: WindowsShape, panelVectors: PanelVectors): Code {
  const code = new Code(6);
  const { filters, vectors } = windowTile(shape, shape.channels, panelVectors);
  const registers = registersOfRow(shape, panelVectors);
  const { lanes, count, early, rowBytes, channelStep } = registers;
  const grid: Grid = {
    ...shape,
    columns: count,
    inputColumnStep: lanes * shape.inputColumnStep,
    outputColumnStep: lanes * shape.outputColumnStep,
  };
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: code.parameter(parameters.output),
    // What the walk calls a window is the tile's place in scratch, the same in each row of tiles.
    window: code.parameter(parameters.scratch),
    windowStep: lanes * 4,
    windowRowStep: 0,
    windowImageStride: 0,
  };
  const tiling = { windows: vectors, severalRows: true, edges: { row: false, column: true } };
  const input = code.local("i32");
  emitGrid(code, grid, start, tiling, (tile) => {
    const places = tileOffsets(grid, tile).inputs.map((at, i) => ({
      input: at + (tile.lastColumn && (i + 1) % tile.columns > 0 ? early * 4 : 0),
      output: Math.floor(i / tile.columns) * rowBytes + (i % tile.columns) * lanes * 4,
    }));
    code.advance(input, tile.input, tile.lastColumn ? -early * 4 : 0);
    const weights = code.parameter(parameters.weights);
    const bias = code.parameter(parameters.bias);
    const of = { places, input, output: tile.window, channelStep, weights, bias };
    let first = 0;
    for (const { size, count: tiles } of balanced(shape.channels, filters)) {
      for (let i = 0; i < tiles; i++, first += size) {
        emitWindowSums(code, shape, { ...of, first, filters: size }, panelVectors / 2, (sums) => {
          if (shape.relu) rectify(code, sums);
        });
      }
    }
    if (tile.lastColumn) emitOutputs(code, shape, registers, tile);
  });
  code.release("i32", input);
  return code;
}

/** Brings the rows of scratch, which the tile was the last of, to the output. */
function emitOutputs(code: Code, shape: WindowsShape, registers: Registers, { rows, columns, output }: Tile): void {
  const { lanes, count, early, channelStep } = registers;
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
