import { CoreError } from "../../errors.ts";
import { compileKernels } from "./compile_kernels.ts";
import { exportsOver } from "./exports_over.ts";
import type { WasmMemory } from "./wasm_memory.ts";

/**
 * The kernels that run over the memory all workers share. Pointers are byte addresses of float32 vectors, multiples
 * of 4; a vector may begin anywhere and have any length: its bits are the same in one call as in many.
 * The formulas stand in `assembly/shared/`.
 */
export interface SharedKernels {
  /** target[i] += source[i] */
  add(target: number, source: number, count: number): void;
  /** 1 when all of the next parameters are finite, else 0. `addend`: added to the gradient; 0: nothing is. With momentum 0 the pointers of the velocity are not touched. */
  sgd(
    gradient: number,
    addend: number,
    parameters: number,
    velocity: number,
    nextParameters: number,
    nextVelocity: number,
    count: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
    nesterov: number,
  ): number;
  /** The same. correction1 = 1 - beta1^t, correction2 = 1 - beta2^t at step t, counted from 1. */
  adam(
    gradient: number,
    addend: number,
    parameters: number,
    m: number,
    v: number,
    nextParameters: number,
    nextM: number,
    nextV: number,
    count: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    correction1: number,
    correction2: number,
  ): number;
  /** 1 when none of the floats is NaN or infinite, else 0. */
  finite(p: number, count: number): number;
}

/**
 * Puts the shared-memory kernels over a memory. Synchronous; the module is compiled once per thread.
 *
 * @param memory made with `shared: true` and a maximum
 * @throws `KERNELS_UNSUPPORTED` when this JavaScript engine cannot run them; `KERNELS_MEMORY` when the memory is not
 *   shared
 */
export function instantiateSharedKernels(memory: WasmMemory): SharedKernels {
  if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof SharedArrayBuffer)) {
    throw new CoreError(
      "KERNELS_MEMORY",
      "the shared kernels need a WebAssembly.Memory made with shared: true and a maximum; got another one.",
    );
  }
  // The exports of assembly/shared.ts, which the interface above repeats.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return exportsOver(memory, compileKernels("shared")) as unknown as SharedKernels;
}
