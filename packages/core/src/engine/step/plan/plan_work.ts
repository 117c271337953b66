import { activations } from "../../../network/activations/activations.ts";
import { rowVectors } from "../../emit/tiles/filter_vectors.ts";
import { panelBytes, type PanelVectors } from "../../emit/tiles/tiling.ts";
import type { WinogradTile } from "../../emit/winograd/transforms.ts";
import { imageShape } from "../layout/activation.ts";
import { pixelTaps } from "../layout/axis_phase.ts";
import type { Block, ConvolutionBlock } from "../blocks.ts";
import { type FilterGeometry, filterGeometry } from "../layout/filter_geometry.ts";
import { tilesOf } from "../../emit/winograd/choice.ts";
import { windowLanes } from "../choice/windows_choice.ts";
import { forwardOutputs } from "../choice/winograd_choice.ts";

/** Share of a pool's winners that an activation leaves a gradient. */
const aliveBehindClip = 1 / 2;

/** Of one tile: additions that each channel in and each channel out cost; a multiply-add counts two. */
const winogradTransforms = { 2: { input: 32, output: 24 }, 4: { input: 12 * 20, output: 10 * 13, gradient: 10 * 11 } };

/** Multiply-adds of a convolution, as a plain loop over its windows, taps, inputs and filters does them; two FLOPs each. */
export function denseFlops(geometry: FilterGeometry): number {
  const { outputHeight, outputWidth, kernelHeight, kernelWidth, inputs, filters } = geometry;
  return 2 * outputHeight * outputWidth * kernelHeight * kernelWidth * inputs * filters;
}

/** The same for the windows that are looked at, with the lanes that a last, partial vector of filters wastes. */
export function directFlops(block: ConvolutionBlock, geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { kernelHeight, kernelWidth, inputs, filters } = geometry;
  return 2 * windows(block, geometry) * kernelHeight * kernelWidth * inputs * lanes(filters, panelVectors);
}

/** Every row of windows in as many lanes as it takes. */
export function windowsFlops(block: ConvolutionBlock, geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const [rows, columns] = forwardOutputs(geometry, block.pooled);
  const together = windowLanes(block.pooled, panelVectors);
  const computed = rows * Math.ceil(columns / together) * together;
  return 2 * computed * geometry.kernelHeight * geometry.kernelWidth * geometry.filters;
}

/** Every input pixel meets all taps that reach it, also those over the zeros around the output's gradient. */
export function directInputGradientFlops(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { border, inputs, filters } = geometry;
  const rows = pixelTaps(geometry.strideHeight, geometry.kernelHeight, geometry.height, border.top);
  const columns = pixelTaps(geometry.strideWidth, geometry.kernelWidth, geometry.width, border.left);
  return 2 * rows * columns * filters * lanes(inputs, panelVectors);
}

/** Every window of the output meets all filters, whose rows are whole vectors. */
export function scatteredFlops(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { outputHeight, outputWidth, kernelHeight, kernelWidth, inputs, filters } = geometry;
  const rowFloats = rowVectors({ segment: kernelWidth * inputs }, panelVectors) * 4;
  return 2 * outputHeight * outputWidth * kernelHeight * rowFloats * filters;
}

/** Products of channels in and out, and the transforms before and after. */
export function winogradFlops(block: ConvolutionBlock, tile: WinogradTile, panelVectors: PanelVectors): number {
  const geometry = filterGeometry(block);
  const [rows, columns] = forwardOutputs(geometry, block.pooled);
  return tilesOf(rows, columns, tile) * winogradTileFlops(geometry.inputs, geometry.filters, tile, panelVectors);
}

export function winogradInputGradientFlops(
  { height, width, inputs, filters }: FilterGeometry,
  tile: WinogradTile,
  panelVectors: PanelVectors,
): number {
  return tilesOf(height, width, tile) * winogradTileFlops(filters, inputs, tile, panelVectors);
}

/** Nine weights of each pair of channels from 36 products a tile; what comes once a shard is not counted. */
export function winogradWeightFlops(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { outputHeight, outputWidth, inputs, filters } = geometry;
  const { input, gradient } = winogradTransforms[4];
  const tile = 2 * 36 * inputs * lanes(filters, panelVectors) + input * inputs + gradient * filters;
  return tilesOf(outputHeight, outputWidth, 4) * tile;
}

/**
 * Of a pool's four windows one has won, and behind an activation we expect half of the winners to carry a gradient: an eighth of
 * the windows, each with a filter in whole vectors.
 */
export function routedFlops(block: ConvolutionBlock, geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { kernelHeight, kernelWidth, inputs, filters } = geometry;
  const winners =
    (windows(block, geometry) / 4) * filters * (activations[block.activation].clip === undefined ? 1 : aliveBehindClip);
  return 2 * winners * kernelHeight * rowVectors({ segment: kernelWidth * inputs }, panelVectors) * 4;
}

/** One for each cell of a pool's windows, and for each value of an elementwise layer; backward as many as forward. */
export function valuesTouched(block: Exclude<Block, ConvolutionBlock>): number {
  const [height, width, channels] = imageShape(block.outputShape);
  const values = height * width * channels;
  return block.kind === "pool" ? values * block.layer.poolSize[0] * block.layer.poolSize[1] : values;
}

/** Windows of the forward pass: those that a pool leaves out are not computed. */
function windows(block: ConvolutionBlock, geometry: FilterGeometry): number {
  const { outputHeight, outputWidth } = geometry;
  if (!block.pooled) return outputHeight * outputWidth;
  return 4 * Math.floor(outputHeight / 2) * Math.floor(outputWidth / 2);
}

function winogradTileFlops(inputs: number, outputs: number, tile: WinogradTile, panelVectors: PanelVectors): number {
  const { input, output } = winogradTransforms[tile];
  return 2 * (tile + 2) ** 2 * inputs * lanes(outputs, panelVectors) + input * inputs + output * outputs;
}

/** Channels with what a last vector has to spare. */
function lanes(channels: number, panelVectors: PanelVectors): number {
  return panelBytes(1, channels, panelVectors) / 4;
}
