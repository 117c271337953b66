import { Code } from "../module/code.ts";
import { emitGrid, type GridStart } from "../tiles/grid.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitWinogradOutput } from "./output.ts";
import { emitPatches } from "./patches.ts";
import { emitWinogradProducts } from "./products.ts";
import { emitZeroWindows } from "./zero_windows.ts";
import { inputPatches, poolsOf, winogradLayout, type WinogradShape } from "./shape.ts";

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, argmax: 5, scratch: 6 } as const;

/**
 * A 3×3 convolution of stride 1 by Winograd's algorithm: four outputs from 16 products instead of 36, or sixteen from 36
 * instead of 144.
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A      d a patch of the input, g the filter, Y a tile of outputs
 *
 * Products are matrix products, one for each place of a patch, over some tiles at a time.
 *
 * Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
 */
export function emitWinograd(shape: WinogradShape, panelVectors: PanelVectors): Code {
  const code = new Code(7);
  const layout = winogradLayout(shape, panelVectors);
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: code.parameter(parameters.output),
    window: code.parameter(parameters.argmax),
    ...argmaxSteps(shape),
  };
  const edges = { row: shape.lastRows < shape.tile, column: shape.lastColumns < shape.tile };
  const values = code.parameter(parameters.scratch);
  const products = code.local("i32");
  const masks = code.local("i32");
  code.advance(products, values, layout.places * layout.valuePlace).advance(masks, values, layout.masks);
  emitGrid(code, shape, start, { windows: layout.tiles, severalRows: true, edges }, (tile) => {
    emitZeroWindows(code, shape, tile, masks);
    emitPatches(code, inputPatches(shape, layout.valuePlace), tile, tile.input, values, panelVectors / 2);
    emitWinogradProducts(code, shape, layout, tile, values, code.parameter(parameters.weights), products, panelVectors);
    emitWinogradOutput(code, shape, layout, tile, { products, masks }, code.parameter(parameters.bias), panelVectors);
  });
  return code;
}

/** The index of each pool's maximum is kept without gaps, whatever lies around the outputs. */
function argmaxSteps(shape: WinogradShape): Pick<GridStart, "windowStep" | "windowRowStep" | "windowImageStride"> {
  if (!shape.pooled) return { windowStep: 0 };
  const [rows, columns] = poolsOf(shape);
  const pool = shape.channels * 4;
  const beside = (shape.tile / 2) * pool;
  return { windowStep: beside, windowRowStep: beside * columns, windowImageStride: rows * columns * pool };
}
