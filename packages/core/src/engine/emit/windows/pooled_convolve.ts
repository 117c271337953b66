import { Code, type Local } from "../module/code.ts";
import type { PooledShape } from "../pooled/pooled_shape.ts";
import type { Tile } from "../tiles/grid.ts";
import { op } from "../tiles/simd.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitPoolInterleave } from "./pool_interleave.ts";
import { lanesOf, pooledWindowTile, poolLanes } from "./tile.ts";
import { emitWindowRows, type WindowRows } from "./window_rows.ts";

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, argmax: 5, scratch: 6 } as const;

function rowsOf({ columns, channels, cells }: PooledShape, panelVectors: PanelVectors): WindowRows {
  const count = Math.ceil((2 * columns) / poolLanes);
  const { filters, vectors } = pooledWindowTile(2 * columns, channels, panelVectors);
  const rowBytes = count * poolLanes * 4;
  return {
    lanes: poolLanes,
    unit: poolLanes / 4,
    count,
    early: count * poolLanes - 2 * columns,
    rowBytes,
    channelStep: 2 * rowBytes,
    filters,
    places: (vectors * lanesOf(panelVectors)) / poolLanes,
    rows: 2,
    rowStep: cells[2],
  };
}

/** Bytes of memory that the kernel needs for itself. */
export function pooledWindowsScratchBytes(shape: PooledShape, panelVectors: PanelVectors): number {
  return shape.channels * rowsOf(shape, panelVectors).channelStep;
}

/**
 * out[n, p, k] = act(max over the four windows of pool p of bias[k] + Σ in[n, window + r · tapStride + s] · w[r, s, k]), and
 * which of them it was, as its offset in the image: windows side by side in the lanes, of one channel in, as `emitWindows` has
 * them.
 */
export function emitPooledWindows(shape: PooledShape, panelVectors: PanelVectors): Code {
  const code = new Code(7);
  const rows = rowsOf(shape, panelVectors);
  const grid = {
    ...shape,
    columns: rows.count,
    inputColumnStep: poolLanes * 4,
    outputColumnStep: (poolLanes / 2) * shape.outputColumnStep,
  };
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: code.parameter(parameters.output),
    window: code.parameter(parameters.scratch),
  };
  const constants = { weights: code.parameter(parameters.weights), bias: code.parameter(parameters.bias) };
  const argmax = code.local("i32");
  code.advance(argmax, code.parameter(parameters.argmax), 0);
  emitWindowRows(
    code,
    shape,
    rows,
    grid,
    start,
    constants,
    () => {},
    (tile) => emitPools(code, shape, rows, tile, argmax),
  );
  code.release("i32", argmax);
  return code;
}

/** Brings the maxima of two rows in scratch to the output. `argmax` walks on. */
function emitPools(
  code: Code,
  shape: PooledShape,
  { count, early, rowBytes, channelStep }: WindowRows,
  { columns, input, origin, output }: Tile,
  argmax: Local,
): void {
  const { channels, clip, cells, outputColumnStep: poolStep } = shape;
  const [source, target, window] = Array.from({ length: 3 }, () => code.local("i32"));
  const row = { channels, clip, source, rowStep: rowBytes, channelStep, target, poolStep, argmax, window, cells };
  code.advance(source, code.parameter(parameters.scratch), 0);
  code.advance(target, output, (columns - count) * (poolLanes / 2) * poolStep);
  code.get(input).get(origin).op(op.i32Sub).set(window);
  code.advance(window, window, (columns - count) * poolLanes * 4);
  emitPoolInterleave(code, row, count - 1);
  // The last pools, some of them once more.
  const again = early / 2;
  code.advance(target, target, -again * poolStep).advance(argmax, argmax, -again * channels * 4);
  code.advance(window, window, -early * 4);
  emitPoolInterleave(code, row, 1);
  code.release("i32", source, target, window);
}
