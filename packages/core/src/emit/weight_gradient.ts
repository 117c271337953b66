import { Code, type Local } from "./code.ts";
import { loadSplat, loadVector, multiplyAdd, op, storeFirst, zero } from "./simd.ts";
import { balanced, panelsOf, type PanelVectors, tileRows } from "./tiling.ts";

/** What an emitted weight gradient knows of its layer. Strides are bytes. */
export interface WeightGradientShape {
  readonly rows: number;
  readonly columns: number;
  readonly inputRowStep: number;
  readonly inputColumnStep: number;
  readonly inputImageStride: number;
  readonly gradientRowStep: number;
  readonly gradientColumnStep: number;
  readonly gradientImageStride: number;
  /** A window: `taps` rows of `segment` floats, `tapStride` apart. */
  readonly taps: number;
  readonly tapStride: number;
  readonly segment: number;
  readonly channels: number;
}

const parameters = { images: 0, input: 1, gradient: 2, target: 3 } as const;

/** From so many windows on, an image is worked off by all tiles before the next, so that it stays in the cache. */
const manyWindows = 64;

/** dw[r, j, k] = Σ_{n, p} in[n, window(p) + r · tapStride + j] · dy[n, p, k]; written, not added. */
export function emitWeightGradient(shape: WeightGradientShape, panelVectors: PanelVectors): Code {
  const code = new Code(4);
  const imageByImage = shape.rows * shape.columns >= manyWindows;
  const input = code.local("i32");
  const gradient = code.local("i32");
  const start = (): void => {
    code.advance(input, code.parameter(parameters.input), 0).advance(gradient, code.parameter(parameters.gradient), 0);
  };
  if (!imageByImage) {
    start();
    emitPanels(code, shape, panelVectors, input, gradient, false);
    return code;
  }
  clear(code, shape);
  const image = code.local("i32");
  code.constant(0).set(image);
  start();
  code.while(image, code.parameter(parameters.images), () => {
    emitPanels(code, shape, panelVectors, input, gradient, true);
    code.advance(input, input, shape.inputImageStride).advance(gradient, gradient, shape.gradientImageStride);
    code.advance(image, image, 1);
  });
  return code;
}

function clear(code: Code, shape: WeightGradientShape): void {
  code
    .get(code.parameter(parameters.target))
    .constant(0)
    .constant(shape.taps * shape.segment * shape.channels * 4);
  code.fill();
}

function emitPanels(
  code: Code,
  shape: WeightGradientShape,
  panelVectors: PanelVectors,
  input: Local,
  gradient: Local,
  accumulate: boolean,
): void {
  const target = code.local("i32");
  const panelGradient = code.local("i32");
  code.advance(target, code.parameter(parameters.target), 0).advance(panelGradient, gradient, 0);
  const panel = (vectors: number, channels: number): void => {
    const rows = tileRows(vectors, panelVectors);
    emitTiles(code, shape, { vectors, channels, rows, input, gradient: panelGradient, target, accumulate });
    code.advance(target, target, vectors * 16).advance(panelGradient, panelGradient, vectors * 16);
  };
  for (const { count, vectors, channels } of panelsOf(shape.channels, panelVectors)) {
    code.repeat(count, () => panel(vectors, channels));
  }
  code.release("i32", target, panelGradient);
}

interface Panel {
  readonly vectors: number;
  readonly channels: number;
  /** The most rows of the weight matrix in a tile. */
  readonly rows: number;
  readonly input: Local;
  readonly gradient: Local;
  readonly target: Local;
  readonly accumulate: boolean;
}

function emitTiles(code: Code, shape: WeightGradientShape, panel: Panel): void {
  const x = code.local("i32");
  const row = code.local("i32");
  const target = code.local("i32");
  const rowBytes = shape.channels * 4;
  code.advance(row, panel.input, 0).advance(target, panel.target, 0);
  const tile = (offsets: readonly number[]): void => {
    emitTile(code, shape, panel, offsets, x, target);
    code.advance(target, target, offsets.length * rowBytes);
  };
  // Short rows are taken several at a time, so that a tile has enough sums to work on at once.
  const rowsAtOnce = Math.min(shape.taps, Math.max(1, Math.floor(panel.rows / shape.segment)));
  const offsetsOf = (taps: number, length: number): number[] =>
    Array.from({ length: taps * length }, (_, i) => Math.floor(i / length) * shape.tapStride + (i % length) * 4);
  if (shape.segment <= panel.rows) {
    const rows = (taps: number): void => {
      code.advance(x, row, 0);
      tile(offsetsOf(taps, shape.segment));
      code.advance(row, row, taps * shape.tapStride);
    };
    code.repeat(Math.floor(shape.taps / rowsAtOnce), () => rows(rowsAtOnce));
    if (shape.taps % rowsAtOnce > 0) rows(shape.taps % rowsAtOnce);
  } else {
    code.repeat(shape.taps, () => {
      code.advance(x, row, 0);
      for (const { size, count } of balanced(shape.segment, panel.rows)) {
        code.repeat(count, () => {
          tile(offsetsOf(1, size));
          code.advance(x, x, size * 4);
        });
      }
      code.advance(row, row, shape.tapStride);
    });
  }
  code.release("i32", x, row, target);
}

function emitTile(
  code: Code,
  shape: WeightGradientShape,
  panel: Panel,
  offsets: readonly number[],
  input: Local,
  target: Local,
): void {
  const { vectors, channels, accumulate } = panel;
  const sums = offsets.map(() => Array.from({ length: vectors }, () => code.local("v128")));
  const factors = Array.from({ length: vectors }, () => code.local("v128"));
  const x = code.local("v128");
  const a = code.local("i32");
  const dy = code.local("i32");
  const rowBytes = shape.channels * 4;
  for (const [t, row] of sums.entries()) {
    if (!accumulate) zero(code, row);
    else for (const [n, sum] of row.entries()) loadVector(code, sum, target, t * rowBytes + n * 16);
  }
  code.advance(a, input, 0).advance(dy, panel.gradient, 0);
  const window = (): void => {
    for (const [n, factor] of factors.entries()) loadVector(code, factor, dy, n * 16);
    for (const [t, row] of sums.entries()) {
      loadSplat(code, x, a, offsets[t]);
      multiplyAdd(code, row, x, factors);
    }
  };
  const image = (): void => {
    code.repeat(shape.rows, () => {
      code.repeat(shape.columns, () => {
        window();
        code.advance(a, a, shape.inputColumnStep).advance(dy, dy, shape.gradientColumnStep);
      });
      code.advance(a, a, shape.inputRowStep - shape.columns * shape.inputColumnStep);
      code.advance(dy, dy, shape.gradientRowStep - shape.columns * shape.gradientColumnStep);
    });
    code.advance(a, a, shape.inputImageStride - shape.rows * shape.inputRowStep);
    code.advance(dy, dy, shape.gradientImageStride - shape.rows * shape.gradientRowStep);
  };
  if (accumulate) image();
  else {
    const end = code.local("i32");
    code.get(code.parameter(parameters.images)).constant(shape.gradientImageStride).op(op.i32Mul);
    code.get(dy).op(op.i32Add).set(end);
    code.while(dy, end, image);
    code.release("i32", end);
  }
  for (const [t, row] of sums.entries()) storeFirst(code, target, t * rowBytes, row, channels);
  code.release("v128", ...sums.flat(), ...factors, x);
  code.release("i32", a, dy);
}
