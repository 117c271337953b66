import { Code, type Local } from "./code.ts";
import type { ConvolveShape } from "./convolve.ts";
import { emitGrid, type Tile } from "./grid.ts";
import {
  addVectors,
  combine,
  loadSplat,
  loadVectors,
  multiplyAdd,
  op,
  rectify,
  splatInteger,
  storeFirst,
  storeRow,
  takeGreater,
  zero,
} from "./simd.ts";
import { panelsOf, type PanelVectors, tileRows } from "./tiling.ts";

/**
 * A 3×3 convolution of stride 1 by Winograd's F(2×2, 3×3): four outputs from 16 products instead of 36.
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A      d a 4×4 patch of the input, g the filter, Y 2×2 outputs
 *
 * The grid counts tiles of 2×2 outputs, so its steps are those of two outputs. A tile's four outputs are a pool's four
 * cells, when the maximum is wanted. Products are sixteen matrix products over some tiles of a row at a time; their
 * operands, V [16][tiles][C] and M [16][tiles][K], stay in the caches.
 *
 * Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
 */
export interface WinogradShape extends Omit<ConvolveShape, "taps" | "segment" | "cells"> {
  readonly inputs: number;
  /** Bytes from an input pixel to the next in its row. `tapStride` leads to the next row. */
  readonly inputPixel: number;
  readonly pooled: boolean;
  /** Outputs in the last row and column of tiles: 1 where the number of outputs is odd. */
  readonly lastRows: 1 | 2;
  readonly lastColumns: 1 | 2;
  /** Bytes from an output to the one below and to the one beside it; not for pools. */
  readonly outputBelow: number;
  readonly outputBeside: number;
}

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, argmax: 5, scratch: 6 } as const;

/** Inner steps without a loop around them. */
const unrolled = 24;
const stepsAtOnce = 2;

/** Channels in whole vectors, in floats. */
function padded(channels: number): number {
  return Math.ceil(channels / 4) * 4;
}

/** Floats of one of M's rows: channels in whole panels. */
function productFloats(channels: number, panelVectors: PanelVectors): number {
  return panelsOf(channels, panelVectors).reduce((sum, { count, vectors }) => sum + count * vectors * 4, 0);
}

function tilesAtOnce(panelVectors: PanelVectors): number {
  return tileRows(panelVectors, panelVectors);
}

/** Bytes of scratch memory that the emitted function needs. */
export function winogradScratch(shape: WinogradShape, panelVectors: PanelVectors): number {
  return 64 * tilesAtOnce(panelVectors) * (padded(shape.inputs) + 4 + productFloats(shape.channels, panelVectors));
}

export function emitWinograd(shape: WinogradShape, panelVectors: PanelVectors): Code {
  const code = new Code(7);
  const start = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: code.parameter(parameters.output),
    window: code.parameter(parameters.argmax),
    windowStep: shape.pooled ? shape.channels * 4 : 0,
  };
  const edges = { row: shape.lastRows === 1, column: shape.lastColumns === 1 };
  const tiling = { windows: tilesAtOnce(panelVectors), severalRows: false, edges };
  const products = code.local("i32");
  const unit = panelVectors / 2;
  emitGrid(code, shape, start, tiling, (tile) => {
    const valueBytes = tile.columns * padded(shape.inputs) * 4;
    code.advance(products, code.parameter(parameters.scratch), 16 * valueBytes + 64);
    emitInputTransform(code, shape, tile, valueBytes, unit);
    emitProducts(code, shape, tile, valueBytes, products, panelVectors);
    emitOutputTransform(code, shape, tile, products, panelVectors);
  });
  return code;
}

/** V = Bᵀ d B for every tile and channel: differences and sums along the columns, then along the rows. */
function emitInputTransform(code: Code, shape: WinogradShape, tile: Tile, valueBytes: number, unit: number): void {
  const from = code.local("i32");
  const to = code.local("i32");
  code.advance(from, tile.input, 0).advance(to, code.parameter(parameters.scratch), 0);
  const vectors = Math.ceil(shape.inputs / 4);
  const transform = (count: number): void => {
    const patch = Array.from({ length: 16 }, (_, i) => {
      const value = Array.from({ length: count }, () => code.local("v128"));
      loadVectors(code, value, from, Math.floor(i / 4) * shape.tapStride + (i % 4) * shape.inputPixel);
      return value;
    });
    const half = alongColumns(code, patch);
    for (const [i, value] of alongRows(code, half).entries()) storeRow(code, to, i * valueBytes, value);
    code.release("v128", ...patch.flat());
    code.advance(from, from, count * 16).advance(to, to, count * 16);
  };
  code.repeat(tile.columns, () => {
    code.repeat(Math.floor(vectors / unit), () => transform(unit));
    if (vectors % unit > 0) transform(vectors % unit);
    code.advance(from, from, shape.inputColumnStep - vectors * 16);
  });
  code.release("i32", from, to);
}

type Values = readonly (readonly Local[])[];

/** Bᵀ x for four values a, b, c, d: a - c, b + c, c - b, b - d. In place. */
function turn(code: Code, [a, b, c, d]: Values): Values {
  const sum = b.map(() => code.local("v128"));
  combine(code, sum, b, "add", c);
  combine(code, a, a, "subtract", c);
  combine(code, d, b, "subtract", d);
  combine(code, c, c, "subtract", b);
  for (const [n, local] of sum.entries()) code.get(local).set(b[n]);
  code.release("v128", ...sum);
  return [a, b, c, d];
}

function alongColumns(code: Code, patch: Values): Values {
  for (let x = 0; x < 4; x++) turn(code, [patch[x], patch[4 + x], patch[8 + x], patch[12 + x]]);
  return patch;
}

function alongRows(code: Code, patch: Values): Values {
  for (let y = 0; y < 4; y++) turn(code, patch.slice(4 * y, 4 * y + 4));
  return patch;
}

/** M[i] = V[i] U[i] for the sixteen places of a patch. */
function emitProducts(
  code: Code,
  shape: WinogradShape,
  tile: Tile,
  valueBytes: number,
  products: Local,
  panelVectors: PanelVectors,
): void {
  const [v, a, w, m] = Array.from({ length: 4 }, () => code.local("i32"));
  const rowBytes = productFloats(shape.channels, panelVectors) * 4;
  const tileBytes = padded(shape.inputs) * 4;
  code.advance(v, code.parameter(parameters.scratch), 0);
  code.advance(w, code.parameter(parameters.weights), 0).advance(m, products, 0);
  const panel = (vectors: number): void => {
    const sums = Array.from({ length: tile.columns }, () => Array.from({ length: vectors }, () => code.local("v128")));
    const factors = Array.from({ length: vectors }, () => code.local("v128"));
    const x = code.local("v128");
    for (const row of sums) zero(code, row);
    const steps = (count: number): void => {
      for (let i = 0; i < count; i++) {
        loadVectors(code, factors, w, i * vectors * 16);
        for (const [t, row] of sums.entries()) {
          loadSplat(code, x, a, t * tileBytes + i * 4);
          multiplyAdd(code, row, x, factors);
        }
      }
      code.advance(a, a, count * 4).advance(w, w, count * vectors * 16);
    };
    code.advance(a, v, 0);
    if (shape.inputs <= unrolled) steps(shape.inputs);
    else {
      code.repeat(Math.floor(shape.inputs / stepsAtOnce), () => steps(stepsAtOnce));
      if (shape.inputs % stepsAtOnce > 0) steps(shape.inputs % stepsAtOnce);
    }
    for (const [t, row] of sums.entries()) storeRow(code, m, t * rowBytes, row);
    code.advance(m, m, vectors * 16);
    code.release("v128", ...sums.flat(), ...factors, x);
  };
  code.repeat(16, () => {
    for (const { count, vectors } of panelsOf(shape.channels, panelVectors)) code.repeat(count, () => panel(vectors));
    code.advance(v, v, valueBytes).advance(m, m, (tile.columns - 1) * rowBytes);
  });
  code.release("i32", v, a, w, m);
}

/** Y = Aᵀ M A, bias, relu, and the maximum of the four where it is wanted. */
function emitOutputTransform(
  code: Code,
  shape: WinogradShape,
  tile: Tile,
  products: Local,
  panelVectors: PanelVectors,
): void {
  const [m, bias, output, argmax, window, tileOutput, tileArgmax] = Array.from({ length: 7 }, () => code.local("i32"));
  const rowBytes = productFloats(shape.channels, panelVectors) * 4;
  const placeBytes = tile.columns * rowBytes;
  code.advance(m, products, 0).advance(tileOutput, tile.output, 0).advance(tileArgmax, tile.window, 0);
  if (shape.pooled) code.get(tile.input).get(tile.origin).op(op.i32Sub).set(window);
  const unit = panelVectors / 2;
  const block = (vectors: number, channels: number, columns: number): void => {
    const place = Array.from({ length: 16 }, (_, i) => {
      const value = Array.from({ length: vectors }, () => code.local("v128"));
      loadVectors(code, value, m, i * placeBytes);
      return value;
    });
    const factors = Array.from({ length: vectors }, () => code.local("v128"));
    loadVectors(code, factors, bias, 0);
    // Columns first: rows 0 and 1 of the result end up in the first and second row of the places.
    for (let x = 0; x < 4; x++) fold(code, place[x], place[4 + x], place[8 + x], place[12 + x]);
    for (let y = 0; y < 2; y++) fold(code, place[4 * y], place[4 * y + 1], place[4 * y + 2], place[4 * y + 3]);
    const outputs = [place[0], place[1], place[4], place[5]];
    if (shape.pooled) {
      const indices = factors.map(() => code.local("v128"));
      const masks = factors.map(() => code.local("v128"));
      const index = code.local("v128");
      splatInteger(code, index, window, 0);
      for (const local of indices) code.get(index).set(local);
      for (let t = 1; t < 4; t++) {
        splatInteger(code, index, window, Math.floor(t / 2) * shape.tapStride + (t % 2) * shape.inputPixel);
        takeGreater(code, outputs[0], indices, outputs[t], index, masks);
      }
      addVectors(code, outputs[0], factors);
      if (shape.relu) rectify(code, outputs[0]);
      storeFirst(code, output, 0, outputs[0], channels);
      storeFirst(code, argmax, 0, indices, channels);
      code.release("v128", ...indices, ...masks, index);
    } else {
      const rows = tile.lastRow ? shape.lastRows : 2;
      for (let t = 0; t < 4; t++) {
        if (Math.floor(t / 2) >= rows || t % 2 >= columns) continue;
        addVectors(code, outputs[t], factors);
        if (shape.relu) rectify(code, outputs[t]);
      }
      for (let t = 0; t < 4; t++) {
        if (Math.floor(t / 2) >= rows || t % 2 >= columns) continue;
        const at = Math.floor(t / 2) * shape.outputBelow + (t % 2) * shape.outputBeside;
        storeFirst(code, output, at, outputs[t], channels);
      }
    }
    code.release("v128", ...place.flat(), ...factors);
    for (const pointer of [m, bias, output, argmax]) code.advance(pointer, pointer, vectors * 16);
  };
  const tiles = (count: number, columns: number): void => {
    code.repeat(count, () => {
      code.advance(bias, code.parameter(parameters.bias), 0);
      code.advance(output, tileOutput, 0).advance(argmax, tileArgmax, 0);
      for (const { count: panels, vectors, channels } of panelsOf(shape.channels, panelVectors)) {
        const blocks = Math.ceil(vectors / unit);
        if (channels === vectors * 4)
          code.repeat(panels * blocks, () => block(vectors / blocks, channels / blocks, columns));
        else block(vectors, channels, columns);
      }
      code.advance(tileOutput, tileOutput, shape.outputColumnStep);
      code.advance(tileArgmax, tileArgmax, shape.channels * 4);
      code.advance(window, window, shape.inputColumnStep);
    });
  };
  const edge = tile.lastColumn && shape.lastColumns === 1 ? 1 : 0;
  tiles(tile.columns - edge, 2);
  tiles(edge, 1);
  code.release("i32", m, bias, output, argmax, window, tileOutput, tileArgmax);
}

/** Aᵀ x for four values: the first becomes a + b + c, the second b - c - d. */
function fold(code: Code, a: readonly Local[], b: readonly Local[], c: readonly Local[], d: readonly Local[]): void {
  combine(code, a, a, "add", b);
  combine(code, a, a, "add", c);
  combine(code, b, b, "subtract", c);
  combine(code, b, b, "subtract", d);
}
