import { Code, type Local } from "../module/code.ts";
import { emitFilterStep, emitFilterSums } from "../tiles/filter_sums.ts";
import { filterBytes, type FilterShape, vectorGroups } from "../tiles/filter_vectors.ts";
import { emitGrid, type Grid } from "../tiles/grid.ts";
import { loadSplat, op } from "../tiles/simd.ts";
import type { PanelVectors } from "../tiles/tiling.ts";

/** A convolution as its input gradient sees it: the grid's input is the input's gradient, its output the output's. */
export interface ScatteredShape extends FilterShape, Grid {}

const parameters = { images: 0, inputGradient: 1, gradient: 2, filters: 3 } as const;

/** Inner steps without a loop around them. */
const stepsAtOnce = 2;

/**
 * dx[window] += Σ_k dy[window, k] · w[k]; added to what is there. The sum over all filters is made in registers, so that a
 * window is read and written once for them all.
 *
 * The same window of two images is worked on at once, because loading the filters for one alone takes longer than
 * multiplying. No value has terms of both, so its sum has the same order in a pair and alone.
 */
export function emitScatteredInputGradient(shape: ScatteredShape, panelVectors: PanelVectors): Code {
  const code = new Code(4);
  const all = code.parameter(parameters.images);
  const [images, input, output] = Array.from({ length: 3 }, () => code.local("i32"));
  code.get(all).constant(1).op(op.i32ShrU).set(images);
  code.advance(input, code.parameter(parameters.inputGradient), 0);
  code.advance(output, code.parameter(parameters.gradient), 0);
  emitImages(code, shape, panelVectors, { images, input, output, atOnce: 2 });
  const skip = (pointer: Local, pairBytes: number): void => {
    code.get(images).constant(pairBytes).op(op.i32Mul).get(pointer).op(op.i32Add).set(pointer);
  };
  skip(input, 2 * shape.inputImageStride);
  skip(output, 2 * shape.outputImageStride);
  code.get(all).constant(1).op(op.i32And).set(images);
  emitImages(code, shape, panelVectors, { images, input, output, atOnce: 1 });
  code.release("i32", images, input, output);
  return code;
}

interface Images {
  /** How often there are `atOnce` of them. */
  readonly images: Local;
  readonly input: Local;
  readonly output: Local;
  readonly atOnce: 1 | 2;
}

function emitImages(code: Code, shape: ScatteredShape, panelVectors: PanelVectors, walked: Images): void {
  const { images, input, output, atOnce } = walked;
  const inputs = Array.from({ length: atOnce }, (_, image) => image * shape.inputImageStride);
  const outputs = Array.from({ length: atOnce }, (_, image) => image * shape.outputImageStride);
  const grid = {
    ...shape,
    inputImageStride: atOnce * shape.inputImageStride,
    outputImageStride: atOnce * shape.outputImageStride,
  };
  const start = { images, input, output, window: input, windowStep: 0 };
  const tiling = { windows: 1, severalRows: false, edges: { row: false, column: false } };
  const groups = vectorGroups(shape, panelVectors, atOnce);
  emitGrid(code, grid, start, tiling, (tile) => {
    for (const group of groups) {
      emitFilterSums(code, tile.input, inputs, group, (sums) => {
        emitChannels(code, shape, panelVectors, tile.output, outputs, (x, filters, offset, factors) => {
          emitFilterStep(code, sums, x, filters, offset, group, factors);
        });
      });
    }
  });
}

/** Calls `step` with each channel's gradients of some windows, and where its filter is. */
function emitChannels(
  code: Code,
  shape: ScatteredShape,
  panelVectors: PanelVectors,
  output: Local,
  windows: readonly number[],
  step: (x: readonly Local[], filters: Local, offset: number, factors: readonly Local[]) => void,
): void {
  const bytes = filterBytes(shape, panelVectors);
  const [dy, filters] = [code.local("i32"), code.local("i32")];
  const x = windows.map(() => code.local("v128"));
  // No more than the kernel works on together: two images leave no register for another.
  const factors = Array.from({ length: panelVectors / 2 }, () => code.local("v128"));
  const steps = (count: number): void => {
    for (let k = 0; k < count; k++) {
      for (const [i, window] of windows.entries()) loadSplat(code, x[i], dy, window + k * 4);
      step(x, filters, k * bytes, factors);
    }
    code.advance(dy, dy, count * 4).advance(filters, filters, count * bytes);
  };
  code.advance(dy, output, 0).advance(filters, code.parameter(parameters.filters), 0);
  code.repeat(Math.floor(shape.channels / stepsAtOnce), () => steps(stepsAtOnce));
  if (shape.channels % stepsAtOnce > 0) steps(shape.channels % stepsAtOnce);
  code.release("i32", dy, filters);
  code.release("v128", ...x, ...factors);
}
