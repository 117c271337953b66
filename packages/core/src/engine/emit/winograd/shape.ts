import type { ConvolveShape } from "../direct/convolve.ts";
import { panelBytes, type PanelVectors, tileRows } from "../tiles/tiling.ts";
import type { Patches } from "./patches.ts";
import { transforms, type WinogradTile } from "./transforms.ts";

/** A 3×3 convolution of stride 1 as Winograd's algorithm sees it. Its grid counts tiles of outputs. */
export interface WinogradShape extends Omit<ConvolveShape, "taps" | "segment" | "cells"> {
  /** Outputs of a tile along each axis. */
  readonly tile: WinogradTile;
  readonly inputs: number;
  /** Bytes from an input pixel to the next in its row. `tapStride` leads to the next row. */
  readonly inputPixel: number;
  /** Whether the maximum of each 2×2 outputs is wanted, and the outputs are not. */
  readonly pooled: boolean;
  /** Outputs in the last row and column of tiles: fewer than a tile has where their number is no multiple of it. */
  readonly lastRows: number;
  readonly lastColumns: number;
  /** Bytes from what is written, an output or a pool, to the one below and to the one beside it. */
  readonly outputBelow: number;
  readonly outputBeside: number;
}

/** V and M of some tiles should fit into half of the second-level cache, which is 512 KiB and up. */
const chunkBytes = 256 * 1024;

/** Keeps the places of a channel from falling into the same few lines of a cache. */
export const skew = 64;

/** How the products of some tiles lie in scratch memory: V [place][tile][inputs], M [place][tile][channels], in whole vectors. */
export interface WinogradLayout {
  /** Products of a tile: (tile + 2)². */
  readonly places: number;
  /** The most tiles that are worked on together. */
  readonly tiles: number;
  /** Bytes of a tile's row of V and of M. */
  readonly valueRow: number;
  readonly productRow: number;
  /** Bytes from a place to the next. */
  readonly valuePlace: number;
  readonly productPlace: number;
  /** Bytes of a place's panels of weights, and from there to the next place's. */
  readonly weightPlace: number;
  /** Where the masks of zero windows lie in scratch memory: an i32 a tile. */
  readonly masks: number;
  readonly scratchBytes: number;
}

/** How many tiles of so many bytes are worked on together; at least one. */
export function tilesInCache(tileBytes: number): number {
  return Math.max(1, Math.floor(chunkBytes / tileBytes));
}

export function winogradLayout(shape: WinogradShape, panelVectors: PanelVectors): WinogradLayout {
  const places = (shape.tile + 2) ** 2;
  const valueRow = vectorBytes(shape.inputs);
  const productRow = panelBytes(1, shape.channels, panelVectors);
  const least = tileRows(panelVectors, panelVectors);
  const tiles = Math.min(shape.rows * shape.columns, Math.max(least, tilesInCache(places * (valueRow + productRow))));
  const valuePlace = tiles * valueRow + skew;
  const productPlace = tiles * productRow + skew;
  const weightPlace = panelBytes(shape.inputs, shape.channels, panelVectors) + skew;
  const masks = places * (valuePlace + productPlace);
  const scratchBytes = masks + Math.ceil(tiles / 4) * 16;
  return { places, tiles, valueRow, productRow, valuePlace, productPlace, weightPlace, masks, scratchBytes };
}

/** Pools along each axis, of a pooled shape. */
export function poolsOf({
  tile,
  rows,
  columns,
  lastRows,
  lastColumns,
}: WinogradShape): [rows: number, columns: number] {
  return [((rows - 1) * tile + lastRows) / 2, ((columns - 1) * tile + lastColumns) / 2];
}

/** Bᵀ d B: what tiles read of the input. */
export function inputPatches(
  shape: Pick<WinogradShape, "tile" | "inputs" | "inputPixel" | "tapStride" | "inputColumnStep" | "inputRowStep">,
  placeBytes: number,
): Patches {
  return {
    read: shape.tile + 2,
    side: shape.tile + 2,
    transform: transforms[shape.tile].input,
    pixelBytes: vectorBytes(shape.inputs),
    beside: shape.inputPixel,
    below: shape.tapStride,
    columnStep: shape.inputColumnStep,
    rowStep: shape.inputRowStep,
    placeBytes,
  };
}

/** Bytes of channels in whole vectors. */
export function vectorBytes(channels: number): number {
  return Math.ceil(channels / 4) * 16;
}

/** Tiles of outputs instead of windows, or of pools with four outputs each. */
export function tiledShape(
  shape: Omit<ConvolveShape, "taps" | "segment" | "cells"> & { readonly inputs: number },
  pooled: boolean,
  tile: WinogradTile,
): WinogradShape {
  const { inputs, channels, clip, tapStride, inputImageStride, outputImageStride } = shape;
  const { rows, columns, inputRowStep, inputColumnStep, outputRowStep, outputColumnStep } = shape;
  const side = pooled ? 2 : 1;
  const most = tile / side;
  return {
    tile,
    inputs,
    channels,
    clip,
    pooled,
    tapStride,
    inputPixel: inputs * 4,
    inputImageStride,
    outputImageStride,
    rows: Math.ceil(rows / most),
    columns: Math.ceil(columns / most),
    lastRows: (rows % most || most) * side,
    lastColumns: (columns % most || most) * side,
    inputRowStep: most * inputRowStep,
    inputColumnStep: most * inputColumnStep,
    outputRowStep: most * outputRowStep,
    outputColumnStep: most * outputColumnStep,
    outputBelow: outputRowStep,
    outputBeside: outputColumnStep,
  };
}
