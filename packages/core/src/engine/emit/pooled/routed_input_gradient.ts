import { Code, type Local } from "../module/code.ts";
import { emitFilterStep, emitFilterSums } from "../tiles/filter_sums.ts";
import { filterBytes, type FilterVector, vectorGroups } from "../tiles/filter_vectors.ts";
import { emitGrid, type Tile } from "../tiles/grid.ts";
import type { PooledShape } from "./pooled_shape.ts";
import { equalLanes, loadSplat, loadVector, op, nonZero, splatInteger } from "../tiles/simd.ts";
import type { PanelVectors } from "../tiles/tiling.ts";

const parameters = { images: 0, inputGradient: 1, gradient: 2, argmax: 3, filters: 4 } as const;

/** Channels whose winners fit into the bits of an integer. */
const atOnce = 32;

/**
 * dx[window] += Σ_k g(k) · w[k] over the channels k that a window has won: they are found as bits of a mask, and their
 * sum is made in registers, so that a window is read and written once for them all.
 */
export function emitRoutedInputGradient(shape: PooledShape, panelVectors: PanelVectors): Code {
  const code = new Code(5);
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.inputGradient),
    output: code.parameter(parameters.gradient),
    window: code.parameter(parameters.argmax),
    windowStep: shape.channels * 4,
  };
  const tiling = { windows: 1, severalRows: false, edges: { row: false, column: false } };
  const groups = vectorGroups(shape, panelVectors);
  const bytes = filterBytes(shape, panelVectors);
  const [gradient, argmax, filters] = Array.from({ length: 3 }, () => code.local("i32"));
  emitGrid(code, shape, start, tiling, (tile) => {
    code.advance(gradient, tile.output, 0).advance(argmax, tile.window, 0);
    code.advance(filters, code.parameter(parameters.filters), 0);
    const block = (channels: number): void => {
      const masks = emitMasks(code, shape, tile, gradient, argmax, channels);
      for (const [cell, mask] of masks.entries()) {
        code.get(mask).when(() => {
          for (const group of groups)
            emitWindow(code, tile.input, shape.cells[cell], mask, gradient, filters, bytes, group);
        });
      }
      code.release("i32", ...masks);
      code.advance(gradient, gradient, channels * 4).advance(argmax, argmax, channels * 4);
      code.advance(filters, filters, channels * bytes);
    };
    code.repeat(Math.floor(shape.channels / atOnce), () => block(atOnce));
    if (shape.channels % atOnce > 0) block(shape.channels % atOnce);
  });
  return code;
}

/** For each of a pool's windows, a bit for each channel that it won and that carries a gradient. */
function emitMasks(
  code: Code,
  shape: PooledShape,
  tile: Tile,
  gradient: Local,
  argmax: Local,
  channels: number,
): Local[] {
  const masks = shape.cells.map(() => code.local("i32"));
  const wanted = shape.cells.map(() => code.local("v128"));
  const [g, winners, alive] = Array.from({ length: 3 }, () => code.local("v128"));
  const first = code.local("i32");
  code.get(tile.input).get(tile.origin).op(op.i32Sub).set(first);
  for (const [cell, mask] of masks.entries()) {
    code.constant(0).set(mask);
    splatInteger(code, wanted[cell], first, shape.cells[cell]);
  }
  for (let k = 0; k < channels; k += 4) {
    loadVector(code, g, gradient, k * 4);
    loadVector(code, winners, argmax, k * 4);
    nonZero(code, alive, g);
    for (const [cell, mask] of masks.entries()) {
      equalLanes(code, alive, winners, wanted[cell]);
      if (channels - k < 4) code.constant((1 << (channels - k)) - 1).op(op.i32And);
      code.constant(k).op(op.i32Shl).get(mask).op(op.i32Or).set(mask);
    }
  }
  code.release("v128", ...wanted, g, winners, alive);
  code.release("i32", first);
  return masks;
}

/** One group of a window's vectors: all channels of the mask are added to it. */
function emitWindow(
  code: Code,
  window: Local,
  cell: number,
  mask: Local,
  gradient: Local,
  filters: Local,
  bytes: number,
  group: readonly FilterVector[],
): void {
  const pair = [code.local("v128"), code.local("v128")];
  const g = code.local("v128");
  const [bits, channel, at] = Array.from({ length: 3 }, () => code.local("i32"));
  emitFilterSums(code, window, [cell], group, (sums) => {
    code.advance(bits, mask, 0);
    code.forEachBit(bits, channel, () => {
      code.get(channel).constant(2).op(op.i32Shl).get(gradient).op(op.i32Add).set(at);
      loadSplat(code, g, at, 0);
      code.get(channel).constant(bytes).op(op.i32Mul).get(filters).op(op.i32Add).set(at);
      emitFilterStep(code, sums, [g], at, 0, group, pair);
    });
  });
  code.release("v128", ...pair, g);
  code.release("i32", bits, channel, at);
}
