import { keepWon } from "../tiles/clip.ts";
import { Code, type Local } from "../module/code.ts";
import type { PooledShape } from "./pooled_shape.ts";
import {
  addVectors,
  loadSplat,
  loadVectors,
  maskWhereEqual,
  multiplyAdd,
  op,
  splatInteger,
  storeFirst,
  zero,
} from "../tiles/simd.ts";

const parameters = { images: 0, input: 1, gradient: 2, argmax: 3, target: 4, bias: 5 } as const;

/** As many weights of a filter as have sums that fit into the registers beside the gradients of a pool. */
export const mostUnpooledWeights = 9;

/** Channels side by side: two vectors, which V8 fuses. */
const atOnce = 8;

/**
 * dw[r, j, k] = Σ_{n, p, q} in[n, window(p, q) + r · tapStride + j] · g(n, p, q, k), where g is the gradient of pool p for
 * the cell q that won it in channel k, and zero for the other three; db[k] = Σ_{n, p, q} g(n, p, q, k). Written, not added.
 *
 * The gradient before the pool is made in registers, four of them a pool, and never stored. An input that several of a
 * pool's windows share is loaded once.
 */
export function emitUnpooledWeightGradient(shape: PooledShape, useBias: boolean): Code {
  const code = new Code(6);
  const [image, input, imageGradient, imageArgmax, gradient, argmax, target, bias] = Array.from({ length: 8 }, () =>
    code.local("i32"),
  );
  code.clear(code.parameter(parameters.target), shape.taps * shape.segment * shape.channels * 4);
  if (useBias) code.clear(code.parameter(parameters.bias), shape.channels * 4);
  code.constant(0).set(image);
  code.advance(input, code.parameter(parameters.input), 0);
  code.advance(imageGradient, code.parameter(parameters.gradient), 0);
  code.advance(imageArgmax, code.parameter(parameters.argmax), 0);
  const block = (channels: number): void => {
    emitImage(code, shape, { input, gradient, argmax, target, bias }, channels, useBias);
    for (const pointer of [gradient, argmax, target, bias]) code.advance(pointer, pointer, channels * 4);
  };
  code.while(image, code.parameter(parameters.images), () => {
    code.advance(gradient, imageGradient, 0).advance(argmax, imageArgmax, 0);
    code.advance(target, code.parameter(parameters.target), 0).advance(bias, code.parameter(parameters.bias), 0);
    code.repeat(Math.floor(shape.channels / atOnce), () => block(atOnce));
    if (shape.channels % atOnce > 0) block(shape.channels % atOnce);
    code.advance(input, input, shape.inputImageStride);
    code.advance(imageGradient, imageGradient, shape.outputImageStride);
    code.advance(imageArgmax, imageArgmax, shape.rows * shape.columns * shape.channels * 4);
    code.advance(image, image, 1);
  });
  return code;
}

interface Addresses {
  /** Of the image. */
  readonly input: Local;
  /** Of the first channel that is worked on; `target` and `bias` are its totals. */
  readonly gradient: Local;
  readonly argmax: Local;
  readonly target: Local;
  readonly bias: Local;
}

/** Sums over one image in registers, so that their rounding stays small, and adds them to the totals. */
function emitImage(code: Code, shape: PooledShape, at: Addresses, channels: number, useBias: boolean): void {
  const row = (): Local[] => Array.from({ length: Math.ceil(channels / 4) }, () => code.local("v128"));
  const [window, gradient, argmax] = Array.from({ length: 3 }, () => code.local("i32"));
  const sums = Array.from({ length: shape.taps * shape.segment }, row);
  const biasSum = useBias ? row() : [];
  for (const sum of [...sums, biasSum]) zero(code, sum);
  code.advance(window, at.input, 0).advance(gradient, at.gradient, 0).advance(argmax, at.argmax, 0);
  code.repeat(shape.rows, () => {
    code.repeat(shape.columns, () => {
      emitPool(code, shape, { window, origin: at.input, gradient, argmax }, sums, biasSum);
      code.advance(window, window, shape.inputColumnStep).advance(gradient, gradient, shape.outputColumnStep);
      code.advance(argmax, argmax, shape.channels * 4);
    });
    code.advance(window, window, shape.inputRowStep - shape.columns * shape.inputColumnStep);
    code.advance(gradient, gradient, shape.outputRowStep - shape.columns * shape.outputColumnStep);
  });
  const total = row();
  const add = (base: Local, offset: number, sum: readonly Local[]): void => {
    loadVectors(code, total, base, offset);
    addVectors(code, total, sum);
    storeFirst(code, base, offset, total, channels);
  };
  for (const [weight, sum] of sums.entries()) add(at.target, weight * shape.channels * 4, sum);
  if (useBias) add(at.bias, 0, biasSum);
  code.release("v128", ...sums.flat(), ...biasSum, ...total);
  code.release("i32", window, gradient, argmax);
}

function emitPool(
  code: Code,
  shape: PooledShape,
  at: { readonly window: Local; readonly origin: Local; readonly gradient: Local; readonly argmax: Local },
  sums: readonly (readonly Local[])[],
  biasSum: readonly Local[],
): void {
  const row = (): Local[] => sums[0].map(() => code.local("v128"));
  const [gradients, winners] = [row(), row()];
  // The last cell's gradients take the place of all, so that they fit into the registers.
  const ofCell = shape.cells.map((_, cell) => (cell === shape.cells.length - 1 ? gradients : row()));
  const x = code.local("v128");
  const first = code.local("i32");
  loadVectors(code, gradients, at.gradient, 0);
  loadVectors(code, winners, at.argmax, 0);
  if (shape.clip !== undefined) keepWon(code, gradients, winners);
  addVectors(code, biasSum, gradients);
  code.get(at.window).get(at.origin).op(op.i32Sub).set(first);
  for (const [cell, offset] of shape.cells.entries()) {
    splatInteger(code, x, first, offset);
    maskWhereEqual(code, ofCell[cell], gradients, winners, x);
  }
  for (const [input, uses] of inputsOf(shape)) {
    loadSplat(code, x, at.window, input);
    for (const { weight, cell } of uses) multiplyAdd(code, sums[weight], x, ofCell[cell]);
  }
  code.release("v128", ...winners, ...ofCell.flat(), x);
  code.release("i32", first);
}

interface Use {
  readonly weight: number;
  readonly cell: number;
}

/** The inputs of a pool in the order of memory, by their bytes from its first, and the weights and cells that meet there. */
function inputsOf({ cells, taps, tapStride, segment }: PooledShape): (readonly [input: number, uses: Use[]])[] {
  const uses = new Map<number, Use[]>();
  for (let weight = 0; weight < taps * segment; weight++) {
    const offset = Math.floor(weight / segment) * tapStride + (weight % segment) * 4;
    for (const [cell, at] of cells.entries()) {
      uses.set(offset + at, [...(uses.get(offset + at) ?? []), { weight, cell }]);
    }
  }
  return [...uses].toSorted(([a], [b]) => a - b);
}
