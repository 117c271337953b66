import { sumsShardsInTiles } from "../../emit/direct/sharded_weight_gradient.ts";
import { lanesOf, pooledWindowTile, poolLanes, weightTile, windowTile } from "../../emit/windows/tile.ts";
import { panelsOf, type PanelVectors, registersOf } from "../../emit/tiles/tiling.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import { panelSteps } from "./panel_steps.ts";
import { forwardOutputs } from "./winograd_choice.ts";

// In the steps of panel_steps.ts; the figures are measured, see docs/decisions/0006-windows-in-lanes.md.

/** Beginning and ending a register of a window that a direct convolution computes. */
const beginAndEnd = 2;
/** Bringing an output from its filter's row to its window's place. */
const interleave = 0.8;
/** Less is nothing that one could be sure of. */
const leastGain = 1.1;
/** Smaller filters hardly do anything but begin and end. */
const fewestWeights = 9;

/**
 * Whether a convolution, with its max pool if it has one, is computed with windows in the lanes of its registers, not
 * channels. Windows side by side must be floats side by side: one channel in, columns of stride 1.
 */
export function usesWindows(geometry: FilterGeometry, pooled: boolean, panelVectors: PanelVectors): boolean {
  const { inputs, strideWidth, kernelHeight, kernelWidth, filters } = geometry;
  const [rows, columns] = forwardOutputs(geometry, pooled);
  const weights = kernelHeight * kernelWidth;
  if (inputs !== 1 || strideWidth !== 1 || weights < fewestWeights) return false;
  if (columns < windowLanes(pooled, panelVectors)) return false;
  const outputs = rows * columns;
  const steps = pooled
    ? (rows / 2) * pooledWindowTile(columns, filters, panelVectors).steps
    : windowTile({ rows, columns }, filters, panelVectors).steps;
  const direct = outputs * (weights + beginAndEnd) * panelSteps(filters, panelVectors);
  return leastGain * (steps * weights + outputs * filters * interleave) < direct;
}

/** Bringing an output's gradient from its window's place to its filter's row. */
const turnGradient = 0.5;

/** The same for the weight gradient of a convolution without a pool; a direct one runs at its full rate. */
export function usesWindowsForWeights(geometry: FilterGeometry, panelVectors: PanelVectors): boolean {
  const {
    inputs,
    strideWidth,
    outputHeight: rows,
    outputWidth: columns,
    kernelHeight,
    kernelWidth,
    filters,
  } = geometry;
  if (inputs !== 1 || strideWidth !== 1 || columns < lanesOf(panelVectors)) return false;
  if (sumsShardsInTiles({ rows, columns })) return false;
  const weights = kernelHeight * kernelWidth;
  if (weights < fewestWeights) return false;
  const steps = rows * Math.ceil(columns / lanesOf(panelVectors)) * weightTile(weights, filters).steps;
  const direct = rows * columns * weights * registersOfPanels(filters, panelVectors);
  return steps + rows * columns * filters * turnGradient < direct;
}

function registersOfPanels(channels: number, panelVectors: PanelVectors): number {
  return panelsOf(channels, panelVectors).reduce((sum, { count, vectors }) => {
    return sum + count * registersOf(vectors, panelVectors);
  }, 0);
}

/** Windows of a row that are computed together. */
export function windowLanes(pooled: boolean, panelVectors: PanelVectors): number {
  return pooled ? poolLanes : lanesOf(panelVectors);
}
