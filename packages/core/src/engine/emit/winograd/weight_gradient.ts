import { Code, type Local } from "../module/code.ts";
import { emitWindows, type WeightGradientShape } from "../direct/weight_tiles.ts";
import { emitGrid, type Grid, type Tile } from "../tiles/grid.ts";
import { loadVectors, storeFirst, storeRow } from "../tiles/simd.ts";
import { balanced, panelBytes, panelsOf, type PanelVectors, tileRows } from "../tiles/tiling.ts";
import { emitPatches, type Patches } from "./patches.ts";
import { inputPatches, skew, tilesInCache, vectorBytes } from "./shape.ts";
import { gradientOfFour, weightsOfFour } from "./transforms.ts";

/** Tiles of 4×4 outputs; the grid's outputs are the output's gradient. Strides are bytes. */
export interface WinogradWeightShape extends Grid {
  readonly inputs: number;
  readonly channels: number;
  /** From an input pixel to the one beside it and to the one below. */
  readonly inputPixel: number;
  readonly tapStride: number;
  /** From a pixel of the gradient to the one beside it and to the one below. */
  readonly gradientPixel: number;
  readonly gradientBelow: number;
}

const parameters = { images: 0, input: 1, gradient: 2, target: 3, scratch: 4 } as const;
const tile = 4;
const side = 6;
const places = side * side;

/**
 * V [place][tile][inputs] in whole vectors, D [place][tile][channels] and S [place][inputs][channels] in whole panels; bytes.
 * Lanes that a panel has to spare hold what lies behind a pixel's channels, and their sums are not read.
 */
interface Layout {
  /** The most tiles that are worked on together. */
  readonly tiles: number;
  readonly valueRow: number;
  readonly valuePlace: number;
  /** Of D and S. */
  readonly channelRow: number;
  readonly gradientPlace: number;
  readonly sumPlace: number;
}

function layoutOf(shape: WinogradWeightShape, panelVectors: PanelVectors): Layout {
  const [valueRow, channelRow] = [vectorBytes(shape.inputs), panelBytes(1, shape.channels, panelVectors)];
  const tiles = Math.min(shape.rows * shape.columns, tilesInCache(places * (valueRow + channelRow)));
  return {
    tiles,
    valueRow,
    valuePlace: tiles * valueRow + skew,
    channelRow,
    gradientPlace: tiles * channelRow + skew,
    sumPlace: shape.inputs * channelRow + skew,
  };
}

/** Tiles of 4×4 windows instead of windows. */
export function tiledWeightShape(
  layer: Omit<WeightGradientShape, "taps" | "segment"> & { readonly inputs: number },
): WinogradWeightShape {
  return {
    rows: Math.ceil(layer.rows / 4),
    columns: Math.ceil(layer.columns / 4),
    inputs: layer.inputs,
    channels: layer.channels,
    inputPixel: layer.inputColumnStep,
    tapStride: layer.tapStride,
    inputColumnStep: 4 * layer.inputColumnStep,
    inputRowStep: 4 * layer.inputRowStep,
    inputImageStride: layer.inputImageStride,
    gradientPixel: layer.gradientColumnStep,
    gradientBelow: layer.gradientRowStep,
    outputColumnStep: 4 * layer.gradientColumnStep,
    outputRowStep: 4 * layer.gradientRowStep,
    outputImageStride: layer.gradientImageStride,
  };
}

/** Bytes of scratch memory that the emitted function needs. */
export function winogradWeightScratch(shape: WinogradWeightShape, panelVectors: PanelVectors): number {
  const { valuePlace, gradientPlace, sumPlace } = layoutOf(shape, panelVectors);
  return places * (valuePlace + gradientPlace + sumPlace);
}

/**
 * The weight gradient of a 3×3 convolution of stride 1 by Winograd's F(3×3, 4×4): nine weights from 36 products a tile
 * instead of 144; written, not added.
 *
 *     dW = Aᵀ [ Σ_tiles (G dY Gᵀ) ⊙ (Bᵀ d B) ] A      d a patch of the input, dY a tile of the output's gradient
 *
 * Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
 */
export function emitWinogradWeightGradient(shape: WinogradWeightShape, panelVectors: PanelVectors): Code {
  const code = new Code(5);
  const layout = layoutOf(shape, panelVectors);
  const values = code.parameter(parameters.scratch);
  const [gradients, sums] = [code.local("i32"), code.local("i32")];
  code.advance(gradients, values, places * layout.valuePlace);
  code.advance(sums, gradients, places * layout.gradientPlace);
  code.clear(sums, places * layout.sumPlace);
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: code.parameter(parameters.gradient),
    window: values,
    windowStep: 0,
  };
  const edges = { row: false, column: false };
  emitGrid(code, shape, start, { windows: layout.tiles, severalRows: true, edges }, (some) => {
    const unit = panelVectors / 2;
    emitPatches(code, inputPatches({ ...shape, tile }, layout.valuePlace), some, some.input, values, unit);
    emitPatches(code, gradientPatches(shape, layout), some, some.output, gradients, unit);
    emitSums(code, shape, layout, some, { values, gradients, sums }, panelVectors);
  });
  emitWeights(code, shape, layout, sums, panelVectors);
  return code;
}

/** G dY Gᵀ */
function gradientPatches(shape: WinogradWeightShape, layout: Layout): Patches {
  return {
    read: tile,
    side,
    transform: gradientOfFour,
    pixelBytes: layout.channelRow,
    beside: shape.gradientPixel,
    below: shape.gradientBelow,
    columnStep: shape.outputColumnStep,
    rowStep: shape.outputRowStep,
    placeBytes: layout.gradientPlace,
  };
}

interface Operands {
  readonly values: Local;
  readonly gradients: Local;
  readonly sums: Local;
}

/** S[i] += V[i]ᵀ D[i] for each place i of a patch, over some tiles. */
function emitSums(
  code: Code,
  shape: WinogradWeightShape,
  { valueRow, valuePlace, channelRow, gradientPlace, sumPlace }: Layout,
  { rows, columns }: Tile,
  operands: Operands,
  panelVectors: PanelVectors,
): void {
  const [v, d, s, panelD, panelS, row, a, dy] = Array.from({ length: 8 }, () => code.local("i32"));
  const count = rows * columns;
  // One row of windows that are an input's value each: the tiles.
  const tiles = {
    columns: count,
    inputColumnStep: valueRow,
    inputRowStep: count * valueRow,
    gradientColumnStep: channelRow,
    gradientRowStep: count * channelRow,
  };
  const some = (inputs: number, vectors: number): void => {
    const sums = Array.from({ length: inputs }, () => Array.from({ length: vectors }, () => code.local("v128")));
    for (const [c, sum] of sums.entries()) loadVectors(code, sum, panelS, c * channelRow);
    code.advance(a, row, 0).advance(dy, panelD, 0);
    emitWindows(code, tiles, { sums, offsets: sums.map((_, c) => c * 4) }, 1, a, dy);
    for (const [c, sum] of sums.entries()) storeRow(code, panelS, c * channelRow, sum);
    code.release("v128", ...sums.flat());
    code.advance(row, row, inputs * 4).advance(panelS, panelS, inputs * channelRow);
  };
  code.advance(v, operands.values, 0).advance(d, operands.gradients, 0).advance(s, operands.sums, 0);
  code.repeat(places, () => {
    code.advance(panelD, d, 0).advance(panelS, s, 0);
    for (const { count: panels, vectors } of panelsOf(shape.channels, panelVectors)) {
      code.repeat(panels, () => {
        code.advance(row, v, 0);
        for (const { size, count: times } of balanced(shape.inputs, tileRows(vectors, panelVectors))) {
          code.repeat(times, () => some(size, vectors));
        }
        code.advance(panelD, panelD, vectors * 16);
        code.advance(panelS, panelS, vectors * 16 - shape.inputs * channelRow);
      });
    }
    code.advance(v, v, valuePlace).advance(d, d, gradientPlace).advance(s, s, sumPlace);
  });
  code.release("i32", v, d, s, panelD, panelS, row, a, dy);
}

/** dW = Aᵀ S A */
function emitWeights(
  code: Code,
  shape: WinogradWeightShape,
  { sumPlace }: Layout,
  sums: Local,
  panelVectors: PanelVectors,
): void {
  const [s, target] = [code.local("i32"), code.local("i32")];
  const tapBytes = shape.inputs * shape.channels * 4;
  const some = (vectors: number, floats: number): void => {
    const all = Array.from({ length: places }, () => Array.from({ length: vectors }, () => code.local("v128")));
    for (let x = 0; x < side; x++) {
      const column = Array.from({ length: side }, (_, y) => all[y * side + x]);
      for (const [y, value] of column.entries()) loadVectors(code, value, s, (y * side + x) * sumPlace);
      weightsOfFour(code, column);
    }
    for (let y = 0; y < 3; y++) {
      const row = all.slice(y * side, (y + 1) * side);
      weightsOfFour(code, row);
      for (let x = 0; x < 3; x++) storeFirst(code, target, (y * 3 + x) * tapBytes, row[x], floats);
    }
    code.release("v128", ...all.flat());
    code.advance(s, s, vectors * 16).advance(target, target, floats * 4);
  };
  code.advance(s, sums, 0).advance(target, code.parameter(parameters.target), 0);
  code.repeat(shape.inputs, () => {
    for (const { count, vectors, channels } of panelsOf(shape.channels, panelVectors)) {
      const blocks = channels < vectors * 4 ? 1 : Math.ceil(vectors / (panelVectors / 2));
      code.repeat(count * blocks, () => some(vectors / blocks, channels / blocks));
    }
  });
  code.release("i32", s, target);
}
