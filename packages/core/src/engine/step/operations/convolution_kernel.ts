import { type ConvolveShape, emitConvolve } from "../../emit/direct/convolve.ts";
import type { Emitted } from "../../emit/module/linker.ts";
import { panelBytes } from "../../emit/tiles/tiling.ts";
import { emitWinograd } from "../../emit/winograd/winograd.ts";
import { tiledShape, winogradLayout } from "../../emit/winograd/shape.ts";
import type { WinogradTile } from "../../emit/winograd/transforms.ts";
import type { OperationContext } from "./operation_context.ts";

/** A convolution as it is to be computed: forward, or of an input gradient. Its grid counts windows, or pools. */
export interface Convolution extends Omit<ConvolveShape, "segment"> {
  readonly inputs: number;
  readonly kernelWidth: number;
  /** Tiles of Winograd's algorithm; undefined: windows are multiplied as they are. */
  readonly winograd: WinogradTile | undefined;
}

/** An emitted convolution and its weights in the order in which it reads them. */
export class ConvolutionKernel {
  /** Address of the packed weights. */
  readonly weights: number;
  readonly #context: OperationContext;
  readonly #shape: Convolution;
  readonly #kernel: Emitted;
  readonly #scratch: number;
  readonly #weightPlace: number;

  /** @param name Layer and purpose, for profilers: "conv2d_1/forward". */
  constructor(context: OperationContext, name: string, shape: Convolution) {
    const { arena, linker } = context;
    const { panelVectors } = linker;
    this.#context = context;
    this.#shape = shape;
    const segment = shape.kernelWidth * shape.inputs;
    if (shape.winograd !== undefined) {
      const tiles = tiledShape(shape, shape.cells !== undefined, shape.winograd);
      const { places, weightPlace, scratchBytes } = winogradLayout(tiles, panelVectors);
      this.weights = arena.allocate(places * weightPlace);
      this.#weightPlace = weightPlace;
      this.#scratch = arena.reserve(scratchBytes);
      this.#kernel = linker.add(name, emitWinograd(tiles, panelVectors));
    } else {
      this.weights = arena.allocate(panelBytes(shape.taps * segment, shape.channels, panelVectors));
      this.#scratch = 0;
      this.#weightPlace = 0;
      this.#kernel = linker.add(name, emitConvolve({ ...shape, segment }, panelVectors));
    }
  }

  /** Packs rows of the [R · S · inputs, channels] weights: see `PackRows`. Winograd's algorithm takes all at once. */
  pack(source: number, first: number, rows: number): void {
    const { kernels, linker } = this.#context;
    const { winograd, taps, kernelWidth, inputs, channels } = this.#shape;
    const lanes = linker.panelVectors * 4;
    if (winograd !== undefined) {
      kernels.packWinograd(source, inputs, channels, lanes, this.weights, this.#weightPlace, winograd + 2);
    } else {
      kernels.packPanels(source, rows, channels, lanes, this.weights, first, taps * kernelWidth * inputs);
    }
  }

  /** All but `images` are addresses; `argmax` is 0 where no maximum is wanted. */
  run(images: number, input: number, bias: number, output: number, argmax: number): void {
    if (this.#shape.winograd === undefined) this.#kernel.run(images, input, this.weights, bias, output, argmax);
    else this.#kernel.run(images, input, this.weights, bias, output, argmax, this.#scratch);
  }
}
