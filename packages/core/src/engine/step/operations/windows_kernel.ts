import type { Emitted } from "../../emit/module/linker.ts";
import type { PooledShape } from "../../emit/pooled/pooled_shape.ts";
import { emitWindows, type WindowsShape, windowsScratchBytes } from "../../emit/windows/convolve.ts";
import { emitPooledWindows, pooledWindowsScratchBytes } from "../../emit/windows/pooled_convolve.ts";
import type { ForwardKernel } from "./filter_operation.ts";
import type { OperationContext } from "./operation_context.ts";

/** An emitted convolution, perhaps with a pool, with windows in the lanes of its registers. */
export class WindowsKernel implements ForwardKernel {
  weights = 0;
  readonly #kernel: Emitted;
  readonly #pooled: boolean;
  readonly #scratch: number;

  /** @param name Layer and purpose, for profilers: "conv2d_1/windows/forward". */
  constructor({ arena, linker }: OperationContext, name: string, shape: WindowsShape | PooledShape) {
    const { panelVectors } = linker;
    this.#pooled = "cells" in shape;
    if ("cells" in shape) {
      this.#scratch = arena.reserve(pooledWindowsScratchBytes(shape, panelVectors));
      this.#kernel = linker.add(name, emitPooledWindows(shape, panelVectors));
    } else {
      this.#scratch = arena.reserve(windowsScratchBytes(shape, panelVectors));
      this.#kernel = linker.add(name, emitWindows(shape, panelVectors));
    }
  }

  /** The weights are read where they are. */
  pack(source: number): void {
    this.weights = source;
  }

  run(images: number, input: number, bias: number, output: number, argmax: number): void {
    if (this.#pooled) this.#kernel.run(images, input, this.weights, bias, output, argmax, this.#scratch);
    else this.#kernel.run(images, input, this.weights, bias, output, this.#scratch);
  }
}
