import { winogradSumsFit, winogradTile } from "../../emit/winograd/choice.ts";
import type { WinogradTile } from "../../emit/winograd/transforms.ts";
import type { Border } from "../layout/activation.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";

/** Tiles by which Winograd's algorithm computes a layer's outputs; undefined: the layer is computed directly. */
export function forwardTile(geometry: FilterGeometry, pooled: boolean): WinogradTile | undefined {
  const [rows, columns] = forwardOutputs(geometry, pooled);
  return tileOf(geometry, rows, columns);
}

/** The same for the gradient with respect to its input, which is a convolution with an output for each input pixel. */
export function inputGradientTile(geometry: FilterGeometry): WinogradTile | undefined {
  return tileOf(geometry, geometry.height, geometry.width);
}

/** Whether the weight gradient of a layer without a pool is computed by Winograd's algorithm, in tiles of 4×4 outputs. */
export function usesWinogradForWeights(geometry: FilterGeometry): boolean {
  return forwardTile(geometry, false) === 4 && winogradSumsFit(geometry.inputs, geometry.filters);
}

/** Outputs that are computed: a pool may leave out the last row and column. */
export function forwardOutputs(geometry: FilterGeometry, pooled: boolean): [rows: number, columns: number] {
  const { outputHeight, outputWidth } = geometry;
  return pooled ? [outputHeight - (outputHeight % 2), outputWidth - (outputWidth % 2)] : [outputHeight, outputWidth];
}

function tileOf(geometry: FilterGeometry, rows: number, columns: number): WinogradTile | undefined {
  const { kernelHeight, kernelWidth, strideHeight, strideWidth, inputs, filters } = geometry;
  const fits = kernelHeight === 3 && kernelWidth === 3 && strideHeight === 1 && strideWidth === 1;
  return fits ? winogradTile(inputs, filters, rows, columns) : undefined;
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
