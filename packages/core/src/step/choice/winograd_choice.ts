import type { WinogradTile } from "../../emit/winograd/transforms.ts";
import type { Border } from "../layout/activation.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";

/**
 * Transforms cost in proportion to channels in plus channels out, the products that they save in proportion to the one
 * times the other. Measured with `bench kernels`: from 16 to 32 channels (10.7) it takes two thirds of the time narrow
 * and three quarters wide; from 8 to 10 (4.4) it is a loss on the wide kernels.
 */
const leastGain = 8;

/** Tiles of 4×4 outputs must save so much of the products of 2×2, and an image must have so many of them. */
const mostOfProducts = 0.7;
const leastTiles = 4;

/** Tiles by which Winograd's algorithm computes a layer's outputs; undefined: the layer is computed directly. */
export function forwardTile(geometry: FilterGeometry, pooled: boolean): WinogradTile | undefined {
  const [rows, columns] = forwardOutputs(geometry, pooled);
  return tileOf(geometry, rows, columns);
}

/** The same for the gradient with respect to its input, which is a convolution with an output for each input pixel. */
export function inputGradientTile(geometry: FilterGeometry): WinogradTile | undefined {
  return tileOf(geometry, geometry.height, geometry.width);
}

/** Sums of a weight gradient, 36 for each pair of channels, that stay in the caches while images pass by; bytes. */
const mostSums = 4 * 2 ** 20;

/** Whether the weight gradient of a layer without a pool is computed by Winograd's algorithm, in tiles of 4×4 outputs. */
export function usesWinogradForWeights(geometry: FilterGeometry): boolean {
  return forwardTile(geometry, false) === 4 && 36 * 4 * geometry.inputs * geometry.filters <= mostSums;
}

/** Outputs that are computed: a pool may leave out the last row and column. */
export function forwardOutputs(geometry: FilterGeometry, pooled: boolean): [rows: number, columns: number] {
  const { outputHeight, outputWidth } = geometry;
  return pooled ? [outputHeight - (outputHeight % 2), outputWidth - (outputWidth % 2)] : [outputHeight, outputWidth];
}

export function tilesOf(rows: number, columns: number, tile: WinogradTile): number {
  return Math.ceil(rows / tile) * Math.ceil(columns / tile);
}

function tileOf(geometry: FilterGeometry, rows: number, columns: number): WinogradTile | undefined {
  const { kernelHeight, kernelWidth, strideHeight, strideWidth, inputs, filters } = geometry;
  const fits = kernelHeight === 3 && kernelWidth === 3 && strideHeight === 1 && strideWidth === 1;
  if (!fits || (inputs * filters) / (inputs + filters) < leastGain) return undefined;
  const tiles = tilesOf(rows, columns, 4);
  const products = (36 * tiles) / (16 * tilesOf(rows, columns, 2));
  return tiles >= leastTiles && products <= mostOfProducts ? 4 : 2;
}

/** `border` with the zeros that the last tiles read behind an input of `height` × `width`. */
export function wholeTiles(
  border: Border,
  [height, width]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  tile: WinogradTile,
): Border {
  const read = (outputs: number): number => Math.ceil(outputs / tile) * tile + 2;
  return {
    ...border,
    bottom: Math.max(border.bottom, read(rows) - border.top - height),
    right: Math.max(border.right, read(columns) - border.left - width),
  };
}
