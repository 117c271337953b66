import type { PanelVectors } from "../../emit/tiles/tiling.ts";
import { mostUnpooledWeights } from "../../emit/pooled/unpooled_weight_gradient.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";

/** With fewer filters the second vector of a pair is idle, and four cost as much as eight. */
const fewestFilters = 5;

/**
 * Whether the weight gradient of a convolution with a 2×2 max pool looks at all windows, or lists the winners. The former
 * does at least four times the arithmetic of the latter, with all lanes at work: it pays where V8 fuses pairs of vectors.
 *
 * Measured, see docs/decisions/0001-emitted-kernels.md: 3×3 filters of one channel take three fifths of the time wide, and
 * more time narrow; with ten weights, which need two passes over the windows, nothing is left of the gain.
 */
export function usesUnpooled(geometry: FilterGeometry, panelVectors: PanelVectors): boolean {
  const { kernelHeight, kernelWidth, inputs, filters } = geometry;
  const weights = kernelHeight * kernelWidth * inputs;
  return panelVectors === 4 && filters >= fewestFilters && weights <= mostUnpooledWeights;
}
