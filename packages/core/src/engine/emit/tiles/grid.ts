import type { Code, Local } from "../module/code.ts";
import { balanced, type Tiles } from "./tiling.ts";

/** The windows of an image, and how their inputs and outputs lie. Strides are bytes. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly inputRowStep: number;
  readonly inputColumnStep: number;
  readonly inputImageStride: number;
  readonly outputRowStep: number;
  readonly outputColumnStep: number;
  readonly outputImageStride: number;
}

/** Where a walk starts: images is a count, the others are addresses. */
export interface GridStart {
  readonly images: Local;
  readonly input: Local;
  readonly output: Local;
  /** Advances by `windowStep` bytes a window. */
  readonly window: Local;
  readonly windowStep: number;
  /** Bytes from a row of windows to the next, and from an image to the next. Default: without a gap. */
  readonly windowRowStep?: number;
  readonly windowImageStride?: number;
}

/** Some windows side by side and one below the other, and where the first of them is. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly input: Local;
  readonly output: Local;
  readonly window: Local;
  /** Start of the input image. */
  readonly origin: Local;
  /** Whether the tile's last row or column is the grid's; only asked where `edges` wants to know. */
  readonly lastRow: boolean;
  readonly lastColumn: boolean;
}

export interface Tiling {
  /** The most windows in a tile; one row of them at least. */
  readonly windows: number;
  /** Grids so narrow that a row does not fill a tile take several rows at once. */
  readonly severalRows: boolean;
  /** Edges that need code of their own. */
  readonly edges: { readonly row: boolean; readonly column: boolean };
}

/** Byte offsets of a tile's windows from its first, in the input and in the output. */
export function tileOffsets(grid: Grid, { rows, columns }: Tile): { inputs: number[]; outputs: number[] } {
  const at = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns] as const);
  return {
    inputs: at.map(([row, column]) => row * grid.inputRowStep + column * grid.inputColumnStep),
    outputs: at.map(([row, column]) => row * grid.outputRowStep + column * grid.outputColumnStep),
  };
}

/** Walks over all images, rows and columns in tiles. */
export function emitGrid(code: Code, grid: Grid, start: GridStart, tiling: Tiling, emit: (tile: Tile) => void): void {
  const image = code.local("i32");
  const { windowStep, windowRowStep = grid.columns * windowStep } = start;
  const { windowImageStride = grid.rows * windowRowStep } = start;
  const [input, output, window] = Array.from({ length: 3 }, () => code.local("i32"));
  const [row, outputRow, windowRow] = Array.from({ length: 3 }, () => code.local("i32"));
  const [column, outputColumn, windowColumn] = Array.from({ length: 3 }, () => code.local("i32"));
  const rowsAtOnce = tiling.severalRows ? Math.max(1, Math.floor(tiling.windows / grid.columns)) : 1;
  code.constant(0).set(image);
  code.advance(input, start.input, 0).advance(output, start.output, 0).advance(window, start.window, 0);
  code.while(image, start.images, () => {
    code.advance(row, input, 0).advance(outputRow, output, 0).advance(windowRow, window, 0);
    for (const vertical of sections(grid.rows, rowsAtOnce, tiling.edges.row)) {
      code.repeat(vertical.count, () => {
        code.advance(column, row, 0).advance(outputColumn, outputRow, 0).advance(windowColumn, windowRow, 0);
        for (const horizontal of sections(grid.columns, tiling.windows, tiling.edges.column)) {
          code.repeat(horizontal.count, () => {
            emit({
              rows: vertical.size,
              columns: horizontal.size,
              input: column,
              output: outputColumn,
              window: windowColumn,
              origin: input,
              lastRow: vertical.last,
              lastColumn: horizontal.last,
            });
            code.advance(column, column, horizontal.size * grid.inputColumnStep);
            code.advance(outputColumn, outputColumn, horizontal.size * grid.outputColumnStep);
            code.advance(windowColumn, windowColumn, horizontal.size * windowStep);
          });
        }
        code.advance(row, row, vertical.size * grid.inputRowStep);
        code.advance(outputRow, outputRow, vertical.size * grid.outputRowStep);
        code.advance(windowRow, windowRow, vertical.size * windowRowStep);
      });
    }
    code.advance(input, input, grid.inputImageStride).advance(output, output, grid.outputImageStride);
    code.advance(window, window, windowImageStride).advance(image, image, 1);
  });
  code.release("i32", image, input, output, window, row, outputRow, windowRow, column, outputColumn, windowColumn);
}

interface Section extends Tiles {
  readonly last: boolean;
}

/** Tiles along one axis; the one at the end apart where it needs code of its own. */
function sections(length: number, most: number, edge: boolean): Section[] {
  const all: Section[] = [];
  for (const { size, count } of balanced(length, most)) all.push({ size, count, last: false });
  const end = all.pop();
  if (end === undefined || !edge) return end === undefined ? all : [...all, end];
  if (end.count > 1) all.push({ size: end.size, count: end.count - 1, last: false });
  return [...all, { size: end.size, count: 1, last: true }];
}

/** Walks over images of a single window each, as a dense layer has: by the largest of `tiles` first; the last is 1. */
export function emitSingleWindows(
  code: Code,
  grid: Grid,
  start: GridStart,
  tiles: readonly number[],
  emit: (tile: Tile) => void,
): void {
  const [input, output, last] = Array.from({ length: 3 }, () => code.local("i32"));
  code.advance(input, start.input, 0).advance(output, start.output, 0);
  // The next tile's last image. Images are counted, because an address can be too low to subtract a tile from it.
  code.constant(-1).set(last);
  const place = { rows: 1, input, output, window: output, origin: input, lastRow: false, lastColumn: false };
  for (const columns of tiles) {
    code.advance(last, last, columns);
    code.while(last, start.images, () => {
      emit({ ...place, columns });
      code.advance(input, input, columns * grid.inputImageStride);
      code.advance(output, output, columns * grid.outputImageStride);
      code.advance(last, last, columns);
    });
    code.advance(last, last, -columns);
  }
  code.release("i32", input, output, last);
}
