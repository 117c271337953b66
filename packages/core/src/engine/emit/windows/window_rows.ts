import type { Code, Local } from "../module/code.ts";
import type { FilterShape } from "../tiles/filter_vectors.ts";
import { emitGrid, type Grid, type GridStart, type Tile } from "../tiles/grid.ts";
import { balanced } from "../tiles/tiling.ts";
import { emitWindowSums, type WindowSums } from "./window_sums.ts";

/** How rows of windows are cut into tiles, and how their outputs lie in scratch: [channel][row][window]. */
export interface WindowRows {
  /** Windows that are not parted, and how many vectors they are. */
  readonly lanes: number;
  readonly unit: number;
  /** How often a row has them. */
  readonly count: number;
  /** Windows by which a row's last ones begin early, so that all lanes are windows; some are computed twice, to the same bits. */
  readonly early: number;
  readonly rowBytes: number;
  readonly channelStep: number;
  /** The most filters and `lanes` of windows in a tile. */
  readonly filters: number;
  readonly places: number;
  /** Rows of windows in a row of the grid, and bytes from one to the next in the input. */
  readonly rows: number;
  readonly rowStep: number;
}

/**
 * Walks over a grid, sums up each tile's windows into scratch, and calls `finish` behind the last tile of a row.
 *
 * @param start its `window` is scratch
 * @param grid what is counted in outputs; its columns are those of `rows`
 */
export function emitWindowRows(
  code: Code,
  shape: FilterShape,
  rows: WindowRows,
  grid: Grid,
  start: Pick<GridStart, "images" | "input" | "output" | "window">,
  { weights, bias }: Pick<WindowSums, "weights" | "bias">,
  act: (sums: readonly Local[]) => void,
  finish: (tile: Tile) => void,
): void {
  const { lanes, unit, early, rowBytes, channelStep } = rows;
  // What the walk calls a window is the tile's place in scratch, the same in each row of tiles.
  const walked = { ...start, windowStep: lanes * 4, windowRowStep: 0, windowImageStride: 0 };
  const tiling = { windows: rows.places, severalRows: rows.rows === 1, edges: { row: false, column: true } };
  const input = code.local("i32");
  emitGrid(code, grid, walked, tiling, (tile) => {
    const all = Array.from({ length: tile.rows * rows.rows }, (_, r) =>
      Array.from({ length: tile.columns }, (__, i) => ({
        input: r * rows.rowStep + i * lanes * 4 + (tile.lastColumn && i + 1 < tile.columns ? early * 4 : 0),
        output: r * rowBytes + i * lanes * 4,
      })),
    );
    code.advance(input, tile.input, tile.lastColumn ? -early * 4 : 0);
    const parts = all.flat().length <= rows.places ? [all.flat()] : all;
    for (const places of parts) {
      const of = { places, input, output: tile.window, channelStep, weights, bias };
      let first = 0;
      for (const { size, count } of balanced(shape.channels, rows.filters)) {
        for (let i = 0; i < count; i++, first += size) {
          emitWindowSums(code, shape, { ...of, first, filters: size }, unit, act);
        }
      }
    }
    if (tile.lastColumn) finish(tile);
  });
  code.release("i32", input);
}
