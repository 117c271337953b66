import { rowVectors } from "../emit/filter_vectors.ts";
import { panelBytes, type PanelVectors } from "../emit/tiling.ts";
import { imageShape } from "./activation.ts";
import { axisPhase } from "./axis_phase.ts";
import type { Block, ConvolutionBlock } from "./blocks.ts";
import type { FilterGeometry } from "./filter_geometry.ts";

/** Share of a pool's winners that a relu leaves a gradient. */
const aliveBehindRelu = 1 / 2;

/** Of one tile of 2×2 outputs: additions that each channel in and each channel out cost. */
const winogradTransforms = { input: 32, output: 24 };

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

/** Every input pixel meets all taps that reach it, also those over the zeros around the output's gradient. */
export function directInputGradientFlops(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { border, inputs, filters } = geometry;
  const rows = pixelTaps(geometry.strideHeight, geometry.kernelHeight, geometry.height, border.top);
  const columns = pixelTaps(geometry.strideWidth, geometry.kernelWidth, geometry.width, border.left);
  return 2 * rows * columns * filters * lanes(inputs, panelVectors);
}

/** Sixteen products of channels in and out for four outputs, and the transforms before and after. */
export function winogradFlops(block: ConvolutionBlock, geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const tiles = block.pooled ? windows(block, geometry) / 4 : halves(geometry.outputHeight, geometry.outputWidth);
  return tiles * winogradTileFlops(geometry.inputs, geometry.filters, panelVectors);
}

export function winogradInputGradientFlops(geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { height, width, inputs, filters } = geometry;
  return halves(height, width) * winogradTileFlops(filters, inputs, panelVectors);
}

/**
 * Of a pool's four windows one has won, and behind a relu we expect half of the winners to carry a gradient: an eighth of
 * the windows, each with a filter in whole vectors.
 */
export function routedFlops(block: ConvolutionBlock, geometry: FilterGeometry, panelVectors: PanelVectors): number {
  const { kernelHeight, kernelWidth, inputs, filters } = geometry;
  const winners = (windows(block, geometry) / 4) * filters * (block.relu ? aliveBehindRelu : 1);
  return 2 * winners * kernelHeight * rowVectors({ segment: kernelWidth * inputs }, panelVectors) * 4;
}

/** One for each cell that a pool looks at, forward or backward, and for each value of an elementwise layer. */
export function valuesTouched(block: Exclude<Block, ConvolutionBlock>, backward: boolean): number {
  const [height, width, channels] = imageShape(block.outputShape);
  const values = height * width * channels;
  if (block.kind !== "pool") return values;
  const { kind, poolSize } = block.layer;
  return values * (backward && kind === "maxPool2d" ? 1 : poolSize[0] * poolSize[1]);
}

/** Windows of the forward pass: those that a pool leaves out are not computed. */
function windows(block: ConvolutionBlock, geometry: FilterGeometry): number {
  const { outputHeight, outputWidth } = geometry;
  if (!block.pooled) return outputHeight * outputWidth;
  return 4 * Math.floor(outputHeight / 2) * Math.floor(outputWidth / 2);
}

function winogradTileFlops(inputs: number, outputs: number, panelVectors: PanelVectors): number {
  const { input, output } = winogradTransforms;
  return 2 * 16 * inputs * lanes(outputs, panelVectors) + input * inputs + output * outputs;
}

/** Tiles of 2×2. */
function halves(rows: number, columns: number): number {
  return Math.ceil(rows / 2) * Math.ceil(columns / 2);
}

/** Channels with what a last vector has to spare. */
function lanes(channels: number, panelVectors: PanelVectors): number {
  return panelBytes(1, channels, panelVectors) / 4;
}

/** Pairs of an input pixel and a tap that reaches it, along one axis. */
function pixelTaps(stride: number, kernel: number, size: number, pad: number): number {
  let pairs = 0;
  for (let phase = 0; phase < stride; phase++) {
    const { count, taps } = axisPhase(phase, stride, kernel, size, pad, 0);
    pairs += count * taps.length;
  }
  return pairs;
}
