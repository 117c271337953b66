import { Code, type Local } from "../module/code.ts";
import { clip, clipMaxima } from "../tiles/clip.ts";
import { emitInnerProduct, emitSteps, fitsUnrolled } from "../tiles/inner_product.ts";
import { emitGrid, emitSingleWindows, type Grid, type GridStart, type Tile, tileOffsets } from "../tiles/grid.ts";
import {
  addVectors,
  loadVectors,
  op,
  splatInteger,
  storeFirst,
  storeRowApart,
  takeGreater,
  zero,
} from "../tiles/simd.ts";
import { panelsOf, type PanelVectors, tileRows } from "../tiles/tiling.ts";

/** What an emitted convolution knows of its layer; its grid counts windows, or pools where the maximum is wanted. */
export interface ConvolveShape extends Grid {
  /** A window: `taps` rows of `segment` floats, `tapStride` bytes apart. */
  readonly taps: number;
  readonly tapStride: number;
  readonly segment: number;
  readonly channels: number;
  /** Results become min(max(y, 0), clip): Infinity for relu. undefined: they stay. */
  readonly clip: number | undefined;
  /** Byte offsets of a pool's four windows, when the maximum of them is wanted. */
  readonly cells?: readonly number[];
}

const parameters = { images: 0, input: 1, weights: 2, bias: 3, output: 4, argmax: 5 } as const;

/** Images in a tile where an image is one window: powers of two, which leave no rest of usual shards. */
const imagesAtOnce = [8, 4, 2, 1];

/** Panels that are worked on together should fill half of the first-level cache, which is 32 KiB and up. */
const groupBytes = 16 * 1024;

/** out[n, p, k] = act(Σ in[n, window(p) + r · tapStride + j] · w[r, j, k] + bias[k]), one function for one layer. */
export function emitConvolve(shape: ConvolveShape, panelVectors: PanelVectors): Code {
  const code = new Code(6);
  const weights = code.local("i32");
  const bias = code.local("i32");
  const output = code.local("i32");
  const argmax = code.local("i32");
  code.advance(weights, code.parameter(parameters.weights), 0).advance(bias, code.parameter(parameters.bias), 0);
  code.advance(output, code.parameter(parameters.output), 0).advance(argmax, code.parameter(parameters.argmax), 0);
  const pass = (panels: number, vectors: number, channels: number): void => {
    emitImages(code, shape, {
      weights,
      bias,
      output,
      argmax,
      panels,
      vectors,
      panelVectors,
      channels,
      windows: tileRows(vectors, panelVectors),
    });
    code.advance(weights, weights, panels * shape.taps * shape.segment * vectors * 16);
    for (const pointer of [bias, output, argmax]) code.advance(pointer, pointer, panels * vectors * 16);
  };
  for (const { count, vectors, channels } of panelsOf(shape.channels, panelVectors)) {
    const panelBytes = shape.taps * shape.segment * vectors * 16;
    const group = Math.min(Math.max(1, Math.floor(groupBytes / panelBytes)), count);
    code.repeat(Math.floor(count / group), () => pass(group, vectors, channels));
    if (count % group > 0) pass(count % group, vectors, channels);
  }
  return code;
}

interface Panels {
  readonly weights: Local;
  readonly bias: Local;
  readonly output: Local;
  readonly argmax: Local;
  readonly panels: number;
  readonly vectors: number;
  readonly panelVectors: PanelVectors;
  readonly channels: number;
  /** The most windows in a tile. */
  readonly windows: number;
}

function emitImages(code: Code, shape: ConvolveShape, panels: Panels): void {
  const start: GridStart = {
    images: code.parameter(parameters.images),
    input: code.parameter(parameters.input),
    output: panels.output,
    window: panels.argmax,
    windowStep: shape.cells ? shape.channels * 4 : 0,
  };
  const edges = { row: false, column: false };
  const emit = (grid: Grid, cells: readonly number[]) => (tile: Tile) => {
    const { inputs, outputs } = tileOffsets(grid, tile);
    emitTile(code, shape, panels, tile, { inputs: inputs.flatMap((at) => cells.map((cell) => at + cell)), outputs });
  };
  if (shape.cells) {
    const windows = Math.max(1, Math.floor(panels.windows / shape.cells.length));
    emitGrid(code, shape, start, { windows, severalRows: false, edges }, emit(shape, shape.cells));
  } else if (shape.rows * shape.columns === 1) {
    const along = { ...shape, inputColumnStep: shape.inputImageStride, outputColumnStep: shape.outputImageStride };
    const tiles = imagesAtOnce.filter((images) => images <= panels.windows);
    emitSingleWindows(code, along, start, tiles, emit(along, [0]));
  } else {
    emitGrid(code, shape, start, { windows: panels.windows, severalRows: true, edges }, emit(shape, [0]));
  }
}

/** Byte offsets in a window of what is multiplied with the rows of a panel. */
function stepsOf({ taps, segment, tapStride }: ConvolveShape): number[] {
  return Array.from({ length: taps }, (_, r) =>
    Array.from({ length: segment }, (__, i) => r * tapStride + i * 4),
  ).flat();
}

function emitTile(
  code: Code,
  shape: ConvolveShape,
  panels: Panels,
  tile: Tile,
  { inputs, outputs }: { readonly inputs: readonly number[]; readonly outputs: readonly number[] },
): void {
  const { vectors, panelVectors, channels } = panels;
  const steps = stepsOf(shape);
  const w = code.local("i32");
  const bias = code.local("i32");
  const output = code.local("i32");
  const argmax = code.local("i32");
  const a = code.local("i32");
  const window = code.local("i32");
  if (shape.cells) code.get(tile.input).get(tile.origin).op(op.i32Sub).set(window);
  code.advance(w, panels.weights, 0).advance(bias, panels.bias, 0).advance(output, tile.output, 0);
  if (shape.cells) code.advance(argmax, tile.window, 0);
  code.repeat(panels.panels, () => {
    const sums = inputs.map(() => Array.from({ length: vectors }, () => code.local("v128")));
    for (const row of sums) zero(code, row);
    const product = { sums, offsets: inputs, a, w, panelVectors };
    code.advance(a, tile.input, 0);
    if (fitsUnrolled(product, steps)) {
      emitSteps(code, product, steps);
      code.advance(w, w, steps.length * vectors * 16);
    } else {
      code.repeat(shape.taps, () => {
        emitInnerProduct(code, product, shape.segment);
        code.advance(a, a, shape.tapStride - shape.segment * 4);
      });
    }
    const factors = Array.from({ length: vectors }, () => code.local("v128"));
    const x = code.local("v128");
    loadVectors(code, factors, bias, 0);
    // Lanes to spare may spill into the output that is written next, if that is all they reach. To keep what is there, it
    // has to be read, half of it from a store that has not left the processor's queue: that costs more than the products.
    const maySpill = channels === shape.channels && vectors * 4 <= 2 * channels;
    const store = (base: Local, row: readonly Local[], at: number, next: number | undefined): void => {
      if (maySpill && next === at + channels * 4) storeRowApart(code, base, at, row);
      else storeFirst(code, base, at, row, channels);
    };
    if (shape.cells) {
      const indices = factors.map(() => code.local("v128"));
      const masks = factors.map(() => code.local("v128"));
      for (const [pool, at] of outputs.entries()) {
        const first = pool * shape.cells.length;
        splatInteger(code, x, window, inputs[first]);
        for (const index of indices) code.get(x).set(index);
        // The bias is the same in all cells, so the first maximum can be found without it.
        for (let t = first + 1; t < first + shape.cells.length; t++) {
          splatInteger(code, x, window, inputs[t]);
          takeGreater(code, sums[first], indices, sums[t], x, masks);
        }
        addVectors(code, sums[first], factors);
        clipMaxima(code, sums[first], indices, shape.clip);
        store(output, sums[first], at, outputs[pool + 1]);
        storeFirst(code, argmax, pool * shape.channels * 4, indices, channels);
      }
      code.advance(argmax, argmax, vectors * 16);
      code.release("v128", ...indices, ...masks);
    } else {
      for (const row of sums) {
        addVectors(code, row, factors);
        clip(code, row, shape.clip);
      }
      for (const [t, row] of sums.entries()) store(output, row, outputs[t], outputs[t + 1]);
    }
    code.advance(bias, bias, vectors * 16).advance(output, output, vectors * 16);
    code.release("v128", ...sums.flat(), ...factors, x);
  });
  code.release("i32", w, bias, output, argmax, a, window);
}
