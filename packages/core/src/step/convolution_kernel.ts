import { type ConvolveShape, emitConvolve } from "../emit/convolve.ts";
import type { Emitted } from "../emit/linker.ts";
import { panelBytes } from "../emit/tiling.ts";
import { emitWinograd, winogradScratch, type WinogradShape } from "../emit/winograd.ts";
import type { OperationContext } from "./operation_context.ts";

/** A convolution as it is to be computed: forward, or of an input gradient. Its grid counts windows, or pools. */
export interface Convolution extends Omit<ConvolveShape, "segment"> {
  readonly inputs: number;
  readonly kernelWidth: number;
  readonly winograd: boolean;
}

/** An emitted convolution and its weights in the order in which it reads them. */
export class ConvolutionKernel {
  /** Address of the packed weights. */
  readonly weights: number;
  readonly #context: OperationContext;
  readonly #shape: Convolution;
  readonly #kernel: Emitted;
  readonly #scratch: number;

  /** @param name Layer and purpose, for profilers: "conv2d_1/forward". */
  constructor(context: OperationContext, name: string, shape: Convolution) {
    const { arena, linker } = context;
    const { panelVectors } = linker;
    this.#context = context;
    this.#shape = shape;
    const segment = shape.kernelWidth * shape.inputs;
    if (shape.winograd) {
      const tiles = winogradShape(shape);
      this.weights = arena.allocate(16 * panelBytes(shape.inputs, shape.channels, panelVectors));
      this.#scratch = arena.allocate(winogradScratch(tiles, panelVectors));
      this.#kernel = linker.add(name, emitWinograd(tiles, panelVectors));
    } else {
      this.weights = arena.allocate(panelBytes(shape.taps * segment, shape.channels, panelVectors));
      this.#scratch = 0;
      this.#kernel = linker.add(name, emitConvolve({ ...shape, segment }, panelVectors));
    }
  }

  /** Packs [R, S, inputs, channels] weights at `source`. */
  pack(source: number): void {
    const { kernels, linker } = this.#context;
    const { winograd, taps, kernelWidth, inputs, channels } = this.#shape;
    const lanes = linker.panelVectors * 4;
    if (winograd) {
      const placeBytes = panelBytes(inputs, channels, linker.panelVectors);
      kernels.packWinograd(source, inputs, channels, lanes, this.weights, placeBytes);
    } else kernels.packPanels(source, taps * kernelWidth * inputs, channels, lanes, this.weights);
  }

  /** All but `images` are addresses; `argmax` is 0 where no maximum is wanted. */
  run(images: number, input: number, bias: number, output: number, argmax: number): void {
    if (this.#shape.winograd) this.#kernel.run(images, input, this.weights, bias, output, argmax, this.#scratch);
    else this.#kernel.run(images, input, this.weights, bias, output, argmax);
  }
}

/** Tiles of 2×2 outputs instead of windows; a pool is such a tile already. */
function winogradShape(shape: Convolution): WinogradShape {
  const { inputs, channels, relu, tapStride, inputImageStride, outputImageStride } = shape;
  const common = { inputs, channels, relu, tapStride, inputPixel: inputs * 4, inputImageStride, outputImageStride };
  const { rows, columns, inputRowStep, inputColumnStep, outputRowStep, outputColumnStep } = shape;
  const outputs = { outputBelow: outputRowStep, outputBeside: outputColumnStep };
  const steps = { inputRowStep, inputColumnStep, outputRowStep, outputColumnStep };
  if (shape.cells) return { ...common, ...steps, ...outputs, rows, columns, pooled: true, lastRows: 2, lastColumns: 2 };
  return {
    ...common,
    ...outputs,
    inputRowStep: 2 * inputRowStep,
    inputColumnStep: 2 * inputColumnStep,
    outputRowStep: 2 * outputRowStep,
    outputColumnStep: 2 * outputColumnStep,
    rows: Math.ceil(rows / 2),
    columns: Math.ceil(columns / 2),
    pooled: false,
    lastRows: rows % 2 === 0 ? 2 : 1,
    lastColumns: columns % 2 === 0 ? 2 : 1,
  };
}
