import type { PanelVectors } from "../../emit/tiles/tiling.ts";
import { type Border, noBorder } from "./activation.ts";
import type { FilterGeometry } from "./filter_geometry.ts";
import { usesScattered } from "../choice/scattered_choice.ts";
import { inputGradientTile, usesWinogradForWeights, wholeTiles } from "../choice/winograd_choice.ts";

/** The zeros that an output's gradient needs around it, for the gradients that are made from it. */
export function deltaBorder(geometry: FilterGeometry, needsInputGradient: boolean, panelVectors: PanelVectors): Border {
  const convolved = needsInputGradient && !usesScattered(geometry, panelVectors);
  const border = convolved ? inputGradientBorder(geometry) : noBorder;
  if (!usesWinogradForWeights(geometry)) return border;
  const { outputHeight, outputWidth } = geometry;
  return {
    ...border,
    bottom: Math.max(border.bottom, overhang(outputHeight)),
    right: Math.max(border.right, overhang(outputWidth)),
  };
}

/** How far the last tile of four outputs reaches over the edge. */
function overhang(outputs: number): number {
  return -outputs & 3;
}

/** So many that a convolution can read every tap of every input pixel. */
function inputGradientBorder(geometry: FilterGeometry): Border {
  const { border } = geometry;
  const zeros = {
    top: zerosBefore(geometry.kernelHeight, geometry.strideHeight),
    left: zerosBefore(geometry.kernelWidth, geometry.strideWidth),
    bottom: zerosAfter(border.top + geometry.height, geometry.strideHeight, geometry.outputHeight),
    right: zerosAfter(border.left + geometry.width, geometry.strideWidth, geometry.outputWidth),
  };
  const tile = inputGradientTile(geometry);
  if (tile === undefined) return zeros;
  const { outputHeight, outputWidth, height, width } = geometry;
  return wholeTiles(zeros, [outputHeight, outputWidth], [height, width], tile);
}

function zerosBefore(kernel: number, stride: number): number {
  return Math.ceil(kernel / stride) - 1;
}

/** @param end One past the last input pixel, counted from the start of the padding. */
function zerosAfter(end: number, stride: number, outputs: number): number {
  return Math.max(0, Math.floor((end - 1) / stride) - (outputs - 1));
}
