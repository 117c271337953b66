import type { WinogradTile } from "./transforms.ts";

/**
 * Transforms cost in proportion to channels in plus channels out, the products that they save in proportion to the one
 * times the other. Measured with `bench kernels`: from 16 to 32 channels (10.7) it takes two thirds of the time narrow
 * and three quarters wide; from 8 to 10 (4.4) it is a loss on the wide kernels.
 */
const leastGain = 8;

/** Tiles of 4×4 outputs must save so much of the products of 2×2, and an image must have so many of them. */
const mostOfProducts = 0.7;
const leastTiles = 4;

/** Sums of a weight gradient, 36 for each pair of channels, that stay in the caches while images pass by; bytes. */
const mostSums = 4 * 2 ** 20;

/** Tiles for a 3×3 convolution of stride 1 with so many outputs an image; undefined: it is faster directly. */
export function winogradTile(inputs: number, filters: number, rows: number, columns: number): WinogradTile | undefined {
  if ((inputs * filters) / (inputs + filters) < leastGain) return undefined;
  const tiles = tilesOf(rows, columns, 4);
  const products = (36 * tiles) / (16 * tilesOf(rows, columns, 2));
  return tiles >= leastTiles && products <= mostOfProducts ? 4 : 2;
}

/** Whether the sums of a weight gradient in tiles of 4×4 outputs stay in the caches. */
export function winogradSumsFit(inputs: number, filters: number): boolean {
  return 36 * 4 * inputs * filters <= mostSums;
}

export function tilesOf(rows: number, columns: number, tile: WinogradTile): number {
  return Math.ceil(rows / tile) * Math.ceil(columns / tile);
}
