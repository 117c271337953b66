import { rowVectors } from "../../emit/tiles/filter_vectors.ts";
import { type PanelVectors, registersOf } from "../../emit/tiles/tiling.ts";
import type { WinogradTile } from "../../emit/winograd/transforms.ts";
import { pixelTaps } from "../layout/axis_phase.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import { tilesOf } from "../../emit/winograd/choice.ts";
import { panelSteps } from "./panel_steps.ts";
import { inputGradientTile } from "./winograd_choice.ts";

// In the steps of panel_steps.ts. How far a kernel is behind its full rate is measured, see
// docs/decisions/0005-scattered-input-gradient.md.

/** Reading and writing a register of a window, in steps. */
const readAndWrite = 2;
/** Beginning and ending a register of a pixel that a direct convolution computes. */
const beginAndEnd = 5;
/** Fewer sums side by side cannot hide the four cycles that a multiply-add takes. */
const sumsThatHide = 8;
/** Steps of a product of Winograd's algorithm, with its share of the transforms. */
const winogradProduct = 1.2;

/**
 * Whether the input gradient of a convolution is scattered from the windows of its output, or is a convolution of its own.
 * The former multiplies only pairs that exist, and a filter's row fills vectors better than the channels of a pixel; the
 * latter writes each pixel once.
 */
export function usesScattered(geometry: FilterGeometry, panelVectors: PanelVectors): boolean {
  // Windows of one pixel do not overlap: a product of matrices, as of a dense layer.
  if (geometry.kernelHeight === 1 && geometry.kernelWidth === 1) return false;
  const tile = inputGradientTile(geometry);
  const convolved =
    tile === undefined ? directSteps(geometry, panelVectors) : winogradSteps(geometry, tile, panelVectors);
  return scatteredSteps(geometry, panelVectors) < convolved;
}

function scatteredSteps(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { outputHeight, outputWidth, kernelHeight, kernelWidth, inputs, filters } = geometry;
  const row = registersOf(rowVectors({ segment: kernelWidth * inputs }, panelVectors), panelVectors);
  const sums = kernelHeight * row;
  // Two images at once.
  const idle = Math.max(1, sumsThatHide / (2 * sums));
  return outputHeight * outputWidth * sums * (filters + readAndWrite) * idle;
}

function directSteps(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { height, width, border, inputs, filters } = geometry;
  const rows = pixelTaps(geometry.strideHeight, geometry.kernelHeight, height, border.top);
  const columns = pixelTaps(geometry.strideWidth, geometry.kernelWidth, width, border.left);
  return (rows * columns * filters + height * width * beginAndEnd) * panelSteps(inputs, panelVectors);
}

function winogradSteps(geometry: FilterGeometry, tile: WinogradTile, panelVectors: PanelVectors): number {
  const { height, width, inputs, filters } = geometry;
  const products = (tile + 2) ** 2 * tilesOf(height, width, tile);
  return products * filters * panelSteps(inputs, panelVectors) * winogradProduct;
}
