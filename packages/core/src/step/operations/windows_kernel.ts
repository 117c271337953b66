import type { Emitted } from "../../emit/module/linker.ts";
import { emitWindows, type WindowsShape, windowsScratchBytes } from "../../emit/windows/convolve.ts";
import type { ForwardKernel } from "./filter_operation.ts";
import type { OperationContext } from "./operation_context.ts";

/** An emitted convolution with windows in the lanes of its registers. */
export class WindowsKernel implements ForwardKernel {
  readonly #kernel: Emitted;
  readonly #scratch: number;
  #weights = 0;

  /** @param name Layer and purpose, for profilers: "conv2d_1/windows/forward". */
  constructor({ arena, linker }: OperationContext, name: string, shape: WindowsShape) {
    const { panelVectors } = linker;
    this.#scratch = arena.reserve(windowsScratchBytes(shape, panelVectors));
    this.#kernel = linker.add(name, emitWindows(shape, panelVectors));
  }

  /** The weights are read where they are. */
  pack(source: number): void {
    this.#weights = source;
  }

  run(images: number, input: number, bias: number, output: number): void {
    this.#kernel.run(images, input, this.#weights, bias, output, this.#scratch);
  }
}
