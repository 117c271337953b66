import { Code, type Local } from "./code.ts";
import {
  addVectors,
  loadSplat,
  loadVector,
  multiplyAdd,
  op,
  rectify,
  splatInteger,
  storeRow,
  takeGreater,
  zero,
} from "./simd.ts";
import { balanced } from "./tiling.ts";

/** What an emitted convolution knows of its layer. Strides are bytes. */
export interface ConvolveShape {
  /** Windows of an image; a pooled one counts pools, whose four cells are a tile. */
  readonly rows: number;
  readonly columns: number;
  readonly inputRowStep: number;
  readonly inputColumnStep: number;
  readonly inputImageStride: number;
  readonly outputRowStep: number;
  readonly outputColumnStep: number;
  readonly outputImageStride: number;
  /** A window: `taps` rows of `segment` floats, `tapStride` apart. */
  readonly taps: number;
  readonly tapStride: number;
  readonly segment: number;
  readonly channels: number;
  readonly relu: boolean;
  /** Byte offsets of a pool's four windows, when the maximum of them is wanted. */
  readonly cells?: readonly number[];
}

/** Images that a tile takes where an image is one window: as many as leave no rest of usual shards. */
const imagesAtOnce = 4;

/** The most windows in a tile: with two vectors (or pairs) each, all registers but one are in use. */
const tileWindows = 6;

/** Vectors of four floats in a full panel: 2 narrow, 4 wide. */
export type PanelVectors = 2 | 4;

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, argmax: 5 } as const;

/** Inner steps without a loop around them. */
const unrolled = 24;
const stepsAtOnce = 2;
const groupBytes = 16 * 1024;

interface Tile {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** out[n, p, k] = act(Σ in[n, window(p) + r · tapStride + j] · w[r, j, k] + bias[k]), one function for one layer. */
export function emitConvolve(shape: ConvolveShape, panelVectors: PanelVectors): Code {
  const code = new Code(6);
  const full = Math.floor(shape.channels / (panelVectors * 4));
  const panelBytes = shape.taps * shape.segment * panelVectors * 16;
  const group = Math.min(Math.max(1, Math.floor(groupBytes / panelBytes)), Math.max(full, 1));
  const weights = code.local("i32");
  const bias = code.local("i32");
  const output = code.local("i32");
  const argmax = code.local("i32");
  code.advance(weights, code.parameter(parameters.weights), 0).advance(bias, code.parameter(parameters.bias), 0);
  code.advance(output, code.parameter(parameters.output), 0).advance(argmax, code.parameter(parameters.argmax), 0);
  const pass = (panels: number, vectors: number, channels: number): void => {
    emitImages(code, shape, { weights, bias, output, argmax, panels, vectors, channels });
    code.advance(weights, weights, panels * shape.taps * shape.segment * vectors * 16);
    for (const pointer of [bias, output, argmax]) code.advance(pointer, pointer, panels * vectors * 16);
  };
  code.repeat(Math.floor(full / group), () => pass(group, panelVectors, panelVectors * 4));
  if (full % group > 0) pass(full % group, panelVectors, panelVectors * 4);
  const left = shape.channels - full * panelVectors * 4;
  if (left > 0) pass(1, Math.ceil(left / 4), left);
  return code;
}

interface Panels {
  readonly weights: Local;
  readonly bias: Local;
  readonly output: Local;
  readonly argmax: Local;
  readonly panels: number;
  readonly vectors: number;
  readonly channels: number;
}

/** An image of one window, as of a dense layer: tiles run over images. */
function emitSingleWindows(code: Code, shape: ConvolveShape, panels: Panels): void {
  const input = code.local("i32");
  const output = code.local("i32");
  const end = code.local("i32");
  const whole = code.local("i32");
  const along = { ...shape, inputColumnStep: shape.inputImageStride, outputColumnStep: shape.outputImageStride };
  code.advance(input, code.parameter(parameters.input), 0).advance(output, panels.output, 0);
  code.get(code.parameter(parameters.images)).constant(shape.inputImageStride).op(op.i32Mul);
  code.get(input).op(op.i32Add).set(end);
  code.advance(whole, end, -(imagesAtOnce - 1) * shape.inputImageStride);
  for (const [windows, limit] of [
    [imagesAtOnce, whole],
    [1, end],
  ] as const) {
    code.while(input, limit, () => {
      emitTile(code, shape, panels, tileOf(along, windows), input, output, output, input);
      code.advance(input, input, windows * along.inputColumnStep);
      code.advance(output, output, windows * along.outputColumnStep);
    });
  }
  code.release("i32", input, output, end, whole);
}

function emitImages(code: Code, shape: ConvolveShape, panels: Panels): void {
  if (shape.rows * shape.columns === 1 && !shape.cells) {
    emitSingleWindows(code, shape, panels);
    return;
  }
  const image = code.local("i32");
  const input = code.local("i32");
  const output = code.local("i32");
  const argmax = code.local("i32");
  const origin = code.local("i32");
  const [row, outputRow, column, outputColumn] = [0, 0, 0, 0].map(() => code.local("i32"));
  code.constant(0).set(image);
  code.advance(input, code.parameter(parameters.input), 0);
  code.advance(output, panels.output, 0).advance(argmax, panels.argmax, 0);
  code.while(image, code.parameter(parameters.images), () => {
    code.advance(row, input, 0).advance(outputRow, output, 0).advance(origin, input, 0);
    code.repeat(shape.rows, () => {
      code.advance(column, row, 0).advance(outputColumn, outputRow, 0);
      const tiles = (count: number, windows: number): void => {
        code.repeat(count, () => {
          emitTile(code, shape, panels, tileOf(shape, windows), column, outputColumn, argmax, origin);
          code.advance(column, column, windows * shape.inputColumnStep);
          code.advance(outputColumn, outputColumn, windows * shape.outputColumnStep);
          if (shape.cells) code.advance(argmax, argmax, shape.channels * 4);
        });
      };
      if (shape.cells) tiles(shape.columns, 1);
      else {
        for (const { size, count } of balanced(shape.columns, tileWindows)) tiles(count, size);
      }
      code.advance(row, row, shape.inputRowStep).advance(outputRow, outputRow, shape.outputRowStep);
    });
    code.advance(input, input, shape.inputImageStride).advance(output, output, shape.outputImageStride);
    code.advance(image, image, 1);
  });
  code.release("i32", image, input, output, argmax, row, outputRow, column, outputColumn, origin);
}

function tileOf(shape: ConvolveShape, windows: number): Tile {
  if (shape.cells) return { inputs: shape.cells, outputs: [0] };
  const positions = Array.from({ length: windows }, (_, t) => t);
  return {
    inputs: positions.map((t) => t * shape.inputColumnStep),
    outputs: positions.map((t) => t * shape.outputColumnStep),
  };
}

function emitTile(
  code: Code,
  shape: ConvolveShape,
  panels: Panels,
  tile: Tile,
  at: Local,
  outputAt: Local,
  argmaxAt: Local,
  origin: Local,
): void {
  const { vectors, channels } = panels;
  const w = code.local("i32");
  const bias = code.local("i32");
  const output = code.local("i32");
  const argmax = code.local("i32");
  const a = code.local("i32");
  const windows = shape.cells ? tile.inputs.map(() => code.local("v128")) : [];
  if (shape.cells) {
    code.get(at).get(origin).op(op.i32Sub).set(a);
    for (const [t, index] of windows.entries()) splatInteger(code, index, a, tile.inputs[t]);
  }
  code.advance(w, panels.weights, 0).advance(bias, panels.bias, 0).advance(output, outputAt, 0);
  if (shape.cells) code.advance(argmax, argmaxAt, 0);
  code.repeat(panels.panels, () => {
    const sums = tile.inputs.map(() => Array.from({ length: vectors }, () => code.local("v128")));
    const factors = Array.from({ length: vectors }, () => code.local("v128"));
    const x = code.local("v128");
    for (const row of sums) zero(code, row);
    const step = (input: number, weight: number): void => {
      for (const [n, factor] of factors.entries()) loadVector(code, factor, w, weight + n * 16);
      for (const [t, row] of sums.entries()) {
        loadSplat(code, x, a, tile.inputs[t] + input);
        multiplyAdd(code, row, x, factors);
      }
    };
    const weightStep = vectors * 16;
    code.advance(a, at, 0);
    if (shape.taps * shape.segment <= unrolled) {
      for (let i = 0; i < shape.taps * shape.segment; i++) {
        step(Math.floor(i / shape.segment) * shape.tapStride + (i % shape.segment) * 4, i * weightStep);
      }
      code.advance(w, w, shape.taps * shape.segment * weightStep);
    } else {
      const steps = (count: number): void => {
        for (let i = 0; i < count; i++) step(i * 4, i * weightStep);
        code.advance(a, a, count * 4).advance(w, w, count * weightStep);
      };
      code.repeat(shape.taps, () => {
        code.repeat(Math.floor(shape.segment / stepsAtOnce), () => steps(stepsAtOnce));
        if (shape.segment % stepsAtOnce > 0) steps(shape.segment % stepsAtOnce);
        code.advance(a, a, shape.tapStride - shape.segment * 4);
      });
    }
    for (const [n, factor] of factors.entries()) loadVector(code, factor, bias, n * 16);
    if (shape.cells) {
      const indices = factors.map(() => code.local("v128"));
      const masks = factors.map(() => code.local("v128"));
      for (const index of indices) code.get(windows[0]).set(index);
      for (let t = 1; t < 4; t++) takeGreater(code, sums[0], indices, sums[t], windows[t], masks);
      addVectors(code, sums[0], factors);
      if (shape.relu) rectify(code, sums[0]);
      storeRow(code, output, 0, sums[0], channels);
      storeRow(code, argmax, 0, indices, channels);
      code.advance(argmax, argmax, vectors * 16);
      code.release("v128", ...indices, ...masks);
    } else {
      for (const row of sums) {
        addVectors(code, row, factors);
        if (shape.relu) rectify(code, row);
      }
      for (const [t, row] of sums.entries()) storeRow(code, output, tile.outputs[t], row, channels);
    }
    code.advance(bias, bias, vectors * 16).advance(output, output, vectors * 16);
    code.release("v128", ...sums.flat(), ...factors, x);
  });
  code.release("i32", w, bias, output, argmax, a);
  code.release("v128", ...windows);
}
