import { relaxed, simd } from "../../generated/tfjs_kernels.js";
import { checkEngine, fromBase64, instantiateOver, type PackingKernels, type WasmMemory } from "@convoy/core/engine";

/** The functions of `assembly/tfjs/unary.ts`. */
export type UnaryName =
  | "absoluteVector"
  | "squareRootVector"
  | "reciprocalRootVector"
  | "reciprocalVector"
  | "clipVector"
  | "stepVector"
  | "signVector"
  | "leakyReluVector"
  | "exponentialVector"
  | "exponentialMinus1Vector"
  | "logarithmVector"
  | "logarithmPlus1Vector"
  | "tanhVector"
  | "seluVector"
  | "softplusVector"
  | "quotientVector"
  | "reluVector";

/** y = f(x) for `count` floats; p and q are the function's parameters, if it has any. */
export type UnaryVector = (x: number, y: number, count: number, p: number, q: number) => void;

/** A convolution over the windows that a plan listed; a bias of 0 is none. */
type Convolve = (
  windows: number,
  images: number,
  source: number,
  weights: number,
  bias: number,
  low: number,
  high: number,
  target: number,
) => void;

/** Pointers are byte addresses in the backend's memory; the formulas and shapes stand in `assembly/tfjs/`. */
export interface TfjsKernels extends PackingKernels, Record<UnaryName, UnaryVector> {
  putBorder(border: number, images: number, source: number, target: number): void;
  sumCopies(source: number, count: number, copies: number, target: number): void;
  copyFloats(source: number, count: number, target: number): void;
  listWindows(windows: number): void;
  readonly convolve: Convolve;
  readonly convolveDepthwise: Convolve;
  filterGradient(windows: number, images: number, source: number, dy: number, dw: number): void;
  depthwiseFilterGradient(windows: number, images: number, source: number, dy: number, dw: number): void;
  moveElements(source: number, target: number, bytes: number, axes: number, rank: number): void;
  selectElements(condition: number, t: number, e: number, y: number, count: number, bytes: number): void;
  integerProduct(struct: number): void;
  dilation2d(sizes: number, x: number, filter: number, y: number): void;
  dilation2dInputGradient(sizes: number, x: number, filter: number, dy: number, dx: number): void;
  dilation2dFilterGradient(sizes: number, x: number, filter: number, dy: number, dfilter: number, sums: number): void;
  product(struct: number): void;
  productScratchBytes(inner: number, columns: number): number;
  sum(x: number, y: number, outer: number, count: number, inner: number): void;
  maxPool(window: number, x: number, y: number, buffer: number): void;
  maxPoolGradient(window: number, x: number, dy: number, dx: number): void;
  maxPoolWithArgmax(window: number, x: number, y: number, indexes: number, fromBatch: boolean): void;
  averagePool(window: number, x: number, y: number, buffer: number, empty: number): void;
  averagePoolGradient(window: number, dy: number, dx: number, buffer: number): void;
  resizeGradient(sizes: number, rows: number, columns: number, dy: number, dx: number): void;
  broadcastBinary(
    operation: number,
    a: number,
    b: number,
    y: number,
    columns: number,
    aStep: number,
    bStep: number,
    room: number,
    rank: number,
  ): void;
  repeat(source: number, bytes: number, times: number, target: number): void;
  logicalAnd(a: number, b: number, y: number, count: number): void;
  reluGradient(dy: number, x: number, dx: number, count: number): void;
  batchNorm(x: number, y: number, count: number, period: number, mean: number, scale: number, offset: number): void;
  batchNormSums(dy: number, x: number, rows: number, channels: number, mean: number, sums: number): void;
  gatherSlices(
    x: number,
    indices: number,
    y: number,
    outer: number,
    size: number,
    count: number,
    sliceBytes: number,
  ): void;
  adamStep(
    step: number,
    count: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    c1: number,
    c2: number,
    epsilon: number,
    rate: number,
  ): void;
  rmsPropStep(
    step: number,
    count: number,
    decay: number,
    rest: number,
    momentum: number,
    epsilon: number,
    rate: number,
    centred: number,
  ): void;
  joinParts(real: number, imaginary: number, y: number, count: number): void;
  takePart(x: number, y: number, count: number): void;
  complexMagnitude(x: number, y: number, count: number): void;
  complexProduct(a: number, b: number, y: number, count: number): void;
  fourierTransform(
    x: number,
    y: number,
    rows: number,
    length: number,
    size: number,
    inverse: boolean,
    scale: number,
    tables: number,
  ): void;
  segmentSum(x: number, segments: number, y: number, rows: number, inner: number, count: number): void;
  segmentSumOfIntegers(x: number, segments: number, y: number, rows: number, inner: number, count: number): void;
}

interface Build {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly relaxed: boolean;
}

/** The best build that this engine takes; checked once a thread. */
let build: Build | undefined;

/** Whether this engine has relaxed SIMD, of which all emitted kernels are made. */
export function hasRelaxedSimd(): boolean {
  build ??= bestBuild();
  return build.relaxed;
}

/**
 * Puts the kernels for tfjs's operations over the memory of its backend. Synchronous, and without Node's API: the bytes
 * are part of the program, so that a bundle for the browser needs no file.
 *
 * @throws `KERNELS_UNSUPPORTED` when this JavaScript engine has no WebAssembly SIMD
 */
export function instantiateTfjsKernels(memory: WasmMemory): TfjsKernels {
  build ??= bestBuild();
  // The exports of assembly/tfjs.ts, which the interface above repeats.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return instantiateOver(memory, build.bytes) as unknown as TfjsKernels;
}

function bestBuild(): Build {
  checkEngine(false);
  const bytes = fromBase64(relaxed);
  return WebAssembly.validate(bytes) ? { bytes, relaxed: true } : { bytes: fromBase64(simd), relaxed: false };
}
