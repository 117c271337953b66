import type { Grid } from "../tiles/grid.ts";
import { balanced, type PanelVectors, registers } from "../tiles/tiling.ts";

/** Fewer sums side by side cannot hide the four cycles that a multiply-add takes. */
const sumsThatHide = 8;

/** Multiply-adds in the time of a load; of those that are not aligned, nearly half reach over the end of a cache line. */
const load = 1.4;

/** What is worked on at once: some filters, and some registers of windows side by side. */
export interface WindowTile {
  readonly filters: number;
  readonly vectors: number;
  /** Multiply-adds of registers, for each weight of a filter and each image; those that are waited for instead included. */
  readonly steps: number;
}

/** Windows side by side in what one instruction works on: V8 fuses two vectors of a wide kernel. */
export function lanesOf(panelVectors: PanelVectors): number {
  return panelVectors * 2;
}

/**
 * The tile that leaves the fewest lanes and cycles idle; of equals, the one with more filters.
 *
 * @param together registers of a row that are not parted
 */
export function windowTile(
  { rows, columns }: Pick<Grid, "rows" | "columns">,
  channels: number,
  panelVectors: PanelVectors,
  together = 1,
): WindowTile {
  const inRow = Math.ceil(columns / lanesOf(panelVectors) / together) * together;
  let best: WindowTile = { filters: 1, vectors: together, steps: Infinity };
  for (let filters = Math.min(channels, vectorsBeside(1)); filters >= 1; filters--) {
    const vectors = Math.floor(vectorsBeside(filters) / together) * together;
    const steps = vectors === 0 ? Infinity : stepsOf(rows, inRow, channels, filters, vectors);
    if (steps < best.steps) best = { filters, vectors, steps };
  }
  return best;
}

/** Windows side by side whose pools are worked on together. */
export const poolLanes = 8;

/** The same for the two rows of windows of a row of 2×2 pools; its steps are of both. */
export function pooledWindowTile(columns: number, channels: number, panelVectors: PanelVectors): WindowTile {
  return windowTile({ rows: 2, columns }, channels, panelVectors, poolLanes / lanesOf(panelVectors));
}

/** Sums are in registers, and the fewer of weights and windows, each of which meets all of the others one by one. */
function vectorsBeside(filters: number): number {
  let vectors = 1;
  while (filters * (vectors + 1) + Math.min(filters, vectors + 1) < registers) vectors++;
  return vectors;
}

/** Rows of windows in a tile, which has several if a row leaves it room. */
export function rowsAtOnce({ rows }: Pick<Grid, "rows">, vectors: number, inRow: number): number {
  return Math.min(rows, Math.max(1, Math.floor(vectors / inRow)));
}

function stepsOf(rows: number, inRow: number, channels: number, mostFilters: number, mostVectors: number): number {
  let steps = 0;
  for (const vertical of balanced(rows, rowsAtOnce({ rows }, mostVectors, inRow))) {
    for (const horizontal of balanced(inRow, mostVectors)) {
      for (const { size: filters, count } of balanced(channels, mostFilters)) {
        const vectors = vertical.size * horizontal.size;
        const tiles = vertical.count * horizontal.count * count;
        steps += tiles * Math.max(vectors * filters, sumsThatHide, load * (vectors + filters));
      }
    }
  }
  return steps;
}

/** What a weight gradient works on at once: some weights of a filter, for some filters. */
export interface WeightTile {
  readonly taps: number;
  readonly filters: number;
  /** Multiply-adds of registers, for each register of windows; those that are waited for instead included. */
  readonly steps: number;
}

/** The tile that leaves the fewest cycles idle; of equals, the one with more filters. */
export function weightTile(weights: number, channels: number): WeightTile {
  let best: WeightTile = { taps: 1, filters: 1, steps: Infinity };
  for (let filters = Math.min(channels, vectorsBeside(1)); filters >= 1; filters--) {
    const taps = vectorsBeside(filters);
    const steps = stepsOf(1, weights, channels, filters, taps);
    if (steps < best.steps) best = { taps, filters, steps };
  }
  return best;
}
