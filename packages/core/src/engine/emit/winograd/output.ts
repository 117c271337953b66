import type { Code, Local } from "../module/code.ts";
import type { Tile } from "../tiles/grid.ts";
import { clip, clipMaxima } from "../tiles/clip.ts";
import {
  addVectors,
  clearWhereBit,
  copy,
  loadVectors,
  op,
  splatInteger,
  storeFirst,
  takeGreater,
} from "../tiles/simd.ts";
import { panelsOf, type PanelVectors } from "../tiles/tiling.ts";
import { poolsOf, type WinogradLayout, type WinogradShape } from "./shape.ts";
import { transforms, type Values } from "./transforms.ts";

/** What belongs to a tile, or to some of its channels. */
interface Place {
  readonly output: Local;
  readonly argmax: Local;
  /** Byte offset of the first window in its image. */
  readonly window: Local;
}

/** Addresses of what is known of some tiles: products, and which windows hold nothing but zeros. */
interface TileResults {
  readonly products: Local;
  readonly masks: Local;
}

/** Y = Aᵀ M A, bias, activation, and the maximum of each 2×2 outputs where it is wanted. */
export function emitWinogradOutput(
  code: Code,
  shape: WinogradShape,
  layout: WinogradLayout,
  tile: Tile,
  { products, masks }: TileResults,
  bias: Local,
  panelVectors: PanelVectors,
): void {
  const [row, column, at] = Array.from({ length: 3 }, (): Place => {
    const [output, argmax, window] = Array.from({ length: 3 }, () => code.local("i32"));
    return { output, argmax, window };
  });
  const [m, channelBias, zeros, masksAt] = Array.from({ length: 4 }, () => code.local("i32"));
  const move = (to: Place, from: Place, output: number, argmax: number, window: number): void => {
    code.advance(to.output, from.output, output).advance(to.argmax, from.argmax, argmax);
    code.advance(to.window, from.window, window);
  };
  const unit = panelVectors / 2;
  const besideArgmax = shape.pooled ? (shape.tile / 2) * shape.channels * 4 : 0;
  const belowArgmax = shape.pooled ? besideArgmax * poolsOf(shape)[1] : 0;
  const tiles = (count: number, rows: number, columns: number): void => {
    const allChannels = (zeroWindows: Local | undefined): void => {
      const channels = (vectors: number, floats: number): void => {
        const extent = { vectors, floats, rows, columns };
        emitTile(code, shape, layout, { ...at, m, bias: channelBias, zeroWindows }, extent);
        move(at, at, vectors * 16, vectors * 16, 0);
        code.advance(m, m, vectors * 16).advance(channelBias, channelBias, vectors * 16);
      };
      for (const { count: panels, vectors, channels: floats } of panelsOf(shape.channels, panelVectors)) {
        // A pair of vectors at once; of a panel with idle lanes, as many as hold channels.
        const atOnce = Math.min(unit, vectors);
        if (floats === vectors * 4) code.repeat((panels * vectors) / atOnce, () => channels(atOnce, atOnce * 4));
        else for (let left = floats; left > 0; left -= atOnce * 4) channels(atOnce, Math.min(left, atOnce * 4));
      }
    };
    code.repeat(count, () => {
      move(at, column, 0, 0, 0);
      code.advance(channelBias, bias, 0);
      code.get(masksAt).memory(op.i32Load, 0).set(zeros).advance(masksAt, masksAt, 4);
      // Code of its own, so that the usual tile pays nothing.
      code.get(zeros).either(
        () => allChannels(zeros),
        () => allChannels(undefined),
      );
      move(column, column, shape.outputColumnStep, besideArgmax, shape.inputColumnStep);
    });
  };
  const rowsOfTiles = (count: number, rows: number): void => {
    code.repeat(count, () => {
      move(column, row, 0, 0, 0);
      const edge = tile.lastColumn && shape.lastColumns < shape.tile ? 1 : 0;
      tiles(tile.columns - edge, rows, shape.tile);
      tiles(edge, rows, shape.lastColumns);
      move(row, row, shape.outputRowStep, belowArgmax, shape.inputRowStep);
    });
  };
  code
    .advance(m, products, 0)
    .advance(masksAt, masks, 0)
    .advance(row.output, tile.output, 0)
    .advance(row.argmax, tile.window, 0);
  code.get(tile.input).get(tile.origin).op(op.i32Sub).set(row.window);
  const edge = tile.lastRow && shape.lastRows < shape.tile ? 1 : 0;
  rowsOfTiles(tile.rows - edge, shape.tile);
  rowsOfTiles(edge, shape.lastRows);
  code.release("i32", m, channelBias, zeros, masksAt, ...[row, column, at].flatMap((place) => Object.values(place)));
}

/** A tile's place, and what its outputs are made of. */
interface TilePlace extends Place {
  readonly m: Local;
  readonly bias: Local;
  /** The mask of its windows that hold nothing but zeros, if there are any. */
  readonly zeroWindows: Local | undefined;
}

/** Outputs that are wanted, and the channels of them that are worked on. */
interface Extent {
  readonly rows: number;
  readonly columns: number;
  readonly vectors: number;
  readonly floats: number;
}

function emitTile(
  code: Code,
  shape: WinogradShape,
  { productPlace }: WinogradLayout,
  at: TilePlace,
  extent: Extent,
): void {
  const side = shape.tile + 2;
  const { output: transform } = transforms[shape.tile];
  const places = Array.from({ length: side * side }, () => vectorsOf(code, extent));
  for (let x = 0; x < side; x++) {
    const column = Array.from({ length: side }, (_, y) => places[y * side + x]);
    for (const [y, value] of column.entries()) loadVectors(code, value, at.m, (y * side + x) * productPlace);
    transform(code, column);
  }
  const bias = vectorsOf(code, extent);
  loadVectors(code, bias, at.bias, 0);
  const outputs = (y: number): Values => {
    const row = places.slice(y * side, (y + 1) * side);
    transform(code, row);
    const wanted = row.slice(0, extent.columns);
    if (at.zeroWindows === undefined) return wanted;
    for (const [x, value] of wanted.entries()) clearWhereBit(code, value, at.zeroWindows, y * shape.tile + x);
    return wanted;
  };
  if (shape.pooled) {
    for (let y = 0; y < extent.rows; y += 2) emitPools(code, shape, at, extent, y, [outputs(y), outputs(y + 1)], bias);
  } else {
    for (let y = 0; y < extent.rows; y++) {
      const row = outputs(y);
      for (const value of row) {
        addVectors(code, value, bias);
        clip(code, value, shape.clip);
      }
      for (const [x, value] of row.entries()) {
        storeFirst(code, at.output, y * shape.outputBelow + x * shape.outputBeside, value, extent.floats);
      }
    }
  }
  code.release("v128", ...places.flat(), ...bias);
}

/** The pools of two rows of outputs; the bias is the same for all, so the first maximum can be found without it. */
function emitPools(
  code: Code,
  shape: WinogradShape,
  at: Place,
  extent: Extent,
  y: number,
  [upper, lower]: readonly [Values, Values],
  bias: readonly Local[],
): void {
  const [indices, masks] = [vectorsOf(code, extent), vectorsOf(code, extent)];
  const index = code.local("v128");
  const pools = poolsOf(shape)[1];
  for (let x = 0; x < extent.columns; x += 2) {
    const cells = [upper[x], upper[x + 1], lower[x], lower[x + 1]];
    for (const [cell, value] of cells.entries()) {
      const [row, column] = [y + Math.floor(cell / 2), x + (cell % 2)];
      splatInteger(code, index, at.window, row * shape.tapStride + column * shape.inputPixel);
      if (cell > 0) takeGreater(code, cells[0], indices, value, index, masks);
      else copy(code, indices, [index, index]);
    }
    addVectors(code, cells[0], bias);
    clipMaxima(code, cells[0], indices, shape.clip);
    storeFirst(code, at.output, (y * shape.outputBelow + x * shape.outputBeside) / 2, cells[0], extent.floats);
    storeFirst(code, at.argmax, ((y * pools + x) / 2) * shape.channels * 4, indices, extent.floats);
  }
  code.release("v128", ...indices, ...masks, index);
}

function vectorsOf(code: Code, { vectors }: Extent): Local[] {
  return Array.from({ length: vectors }, () => code.local("v128"));
}
