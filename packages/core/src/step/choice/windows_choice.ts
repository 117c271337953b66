import { lanesOf, windowTile } from "../../emit/windows/tile.ts";
import type { PanelVectors } from "../../emit/tiles/tiling.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import { panelSteps } from "./panel_steps.ts";

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
 * Whether a convolution without a pool is computed with windows in the lanes of its registers, not channels. Windows side by
 * side must be floats side by side: one channel in, columns of stride 1.
 */
export function usesWindows(geometry: FilterGeometry, panelVectors: PanelVectors): boolean {
  const { inputs, strideWidth, outputHeight, outputWidth, kernelHeight, kernelWidth, filters } = geometry;
  const weights = kernelHeight * kernelWidth;
  if (inputs !== 1 || strideWidth !== 1 || outputWidth < lanesOf(panelVectors) || weights < fewestWeights) return false;
  const outputs = outputHeight * outputWidth;
  const { steps } = windowTile({ rows: outputHeight, columns: outputWidth }, filters, panelVectors);
  const direct = outputs * (weights + beginAndEnd) * panelSteps(filters, panelVectors);
  return leastGain * (steps * weights + outputs * filters * interleave) < direct;
}
