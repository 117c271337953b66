import { lanesOf, pooledWindowTile, poolLanes, windowTile } from "../../emit/windows/tile.ts";
import type { PanelVectors } from "../../emit/tiles/tiling.ts";
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

/** Windows of a row that are computed together. */
export function windowLanes(pooled: boolean, panelVectors: PanelVectors): number {
  return pooled ? poolLanes : lanesOf(panelVectors);
}
