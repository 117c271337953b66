import type { WeightGradientShape } from "../direct/weight_tiles.ts";
import { Code, type Local } from "../module/code.ts";
import { addVectors, loadVectors, storeFloats } from "../tiles/simd.ts";
import { balanced, type PanelVectors } from "../tiles/tiling.ts";
import { emitPlanes } from "./planes.ts";
import { turn } from "./turn.ts";
import { lanesOf, weightTile } from "./tile.ts";
import { emitWeightSums } from "./weight_sums.ts";

const parameters = { images: 0, input: 1, gradient: 2, target: 3, scratch: 4 } as const;

/** Sums behind the last one that are read with it. */
const read = 3;

function weightsOf({ taps, segment, channels }: WeightGradientShape): number {
  return taps * segment * channels;
}

/** How scratch is laid out: the gradient of an image, [channel][row][window], then the sums, a register for each weight. */
interface Scratch {
  readonly lanes: number;
  readonly count: number;
  readonly early: number;
  readonly rowBytes: number;
  readonly channelStep: number;
  readonly sums: number;
}

function scratchOf({ rows, columns, channels }: WeightGradientShape, panelVectors: PanelVectors): Scratch {
  const lanes = lanesOf(panelVectors);
  const count = Math.ceil(columns / lanes);
  const rowBytes = count * lanes * 4;
  const channelStep = rows * rowBytes;
  return { lanes, count, early: count * lanes - columns, rowBytes, channelStep, sums: channels * channelStep };
}

/** Bytes of memory that the kernel needs for itself. */
export function windowsWeightScratch(shape: WeightGradientShape, panelVectors: PanelVectors): number {
  const { sums, lanes } = scratchOf(shape, panelVectors);
  return sums + (weightsOf(shape) + read) * lanes * 4;
}

/**
 * dw[r, s, k] = Σ_{n, p} in[n, window(p) + r · tapStride + s] · dy[n, p, k], with windows side by side in the lanes of a register;
 * written, not added. Each lane has a sum of its own over all images; the lanes are added at the end.
 */
export function emitWindowsWeightGradient(shape: WeightGradientShape, panelVectors: PanelVectors): Code {
  const code = new Code(5);
  const scratch = scratchOf(shape, panelVectors);
  const weights = weightsOf(shape);
  const [image, input, gradient, sums] = Array.from({ length: 4 }, () => code.local("i32"));
  code.advance(sums, code.parameter(parameters.scratch), scratch.sums);
  code.clear(sums, weights * scratch.lanes * 4);
  code.constant(0).set(image);
  code.advance(input, code.parameter(parameters.input), 0).advance(gradient, code.parameter(parameters.gradient), 0);
  code.while(image, code.parameter(parameters.images), () => {
    emitPlanes(code, { ...shape, ...scratch }, gradient, code.parameter(parameters.scratch));
    emitImage(code, shape, scratch, panelVectors / 2, input, sums);
    code.advance(input, input, shape.inputImageStride).advance(gradient, gradient, shape.gradientImageStride);
    code.advance(image, image, 1);
  });
  emitTotals(code, weights, sums, panelVectors / 2);
  code.release("i32", image, input, gradient, sums);
  return code;
}

/** Adds an image to the sums, tile by tile of weights and filters. */
function emitImage(
  code: Code,
  shape: WeightGradientShape,
  scratch: Scratch,
  unit: number,
  input: Local,
  sums: Local,
): void {
  const { taps, segment, channels, tapStride, rows, inputRowStep } = shape;
  const offsets = Array.from({ length: taps * segment }, (_, i) => {
    return Math.floor(i / segment) * tapStride + (i % segment) * 4;
  });
  const tile = weightTile(offsets.length, channels);
  const gradient = code.local("i32");
  let tap = 0;
  for (const weights of sizes(offsets.length, tile.taps)) {
    let first = 0;
    for (const filters of sizes(channels, tile.filters)) {
      const at = tap * channels + first;
      code.advance(gradient, code.parameter(parameters.scratch), first * scratch.channelStep);
      const of = { ...scratch, input, inputRowStep, rows, gradient, sums, filters };
      const sumAt = (t: number, k: number): number => (at + t * channels + k) * scratch.lanes * 4;
      emitWeightSums(code, { ...of, taps: offsets.slice(tap, tap + weights), sumAt }, unit);
      first += filters;
    }
    tap += weights;
  }
  code.release("i32", gradient);
}

function sizes(length: number, most: number): number[] {
  return balanced(length, most).flatMap(({ size, count }) => Array.from({ length: count }, () => size));
}

/** Adds up the lanes of each weight's sums, four weights at a time. */
function emitTotals(code: Code, weights: number, sums: Local, unit: number): void {
  const target = code.local("i32");
  const four = Array.from({ length: 4 }, () => code.local("v128"));
  const more = code.local("v128");
  code.advance(target, code.parameter(parameters.target), 0);
  const group = (some: number): void => {
    for (const [i, vector] of four.entries()) {
      loadVectors(code, [vector], sums, i * unit * 16);
      for (let n = 1; n < unit; n++) {
        loadVectors(code, [more], sums, (i * unit + n) * 16);
        addVectors(code, [vector], [more]);
      }
    }
    turn(code, four, 4);
    addVectors(code, [four[0]], [four[1]]);
    addVectors(code, [four[2]], [four[3]]);
    addVectors(code, [four[0]], [four[2]]);
    storeFloats(code, target, 0, [four[0]], some);
    code.advance(sums, sums, 4 * unit * 16).advance(target, target, 16);
  };
  code.repeat(Math.floor(weights / 4), () => group(4));
  if (weights % 4 > 0) group(weights % 4);
  code.release("i32", target);
  code.release("v128", ...four, more);
}
