import { CoreError } from "../../errors.ts";
import { compileKernels } from "./compile_kernels.ts";
import { exportsOver } from "./exports_over.ts";
import type { Optimizer } from "../../network/optimizers/optimizers.ts";
import type { WasmMemory } from "./wasm_memory.ts";

/**
 * The kernels that run over the memory all workers share. Pointers are byte addresses of float32 vectors, multiples
 * of 4; a vector may begin anywhere and have any length: its bits are the same in one call as in many.
 * The formulas stand in `assembly/shared/`.
 */
export type SharedKernels = {
  /** target[i] += source[i] */
  add(target: number, source: number, count: number): void;
  /** 1 when none of the floats is NaN or infinite, else 0. */
  finite(p: number, count: number): number;
} & { readonly [Name in Optimizer["kind"]]: UpdateKernel };

/**
 * One step of an optimizer, by whose name the kernel goes. 1 when all of the next parameters are finite, else 0.
 *
 * @param addend is added to the gradient; 0: nothing is
 * @param state0 first vector of the optimizer's state; where it keeps fewer than two, the addresses of the others are not touched
 * @param scalars as `scalars` of the optimizer's kind writes them; the kernel takes as many as it knows
 */
export type UpdateKernel = (
  gradient: number,
  addend: number,
  parameters: number,
  state0: number,
  state1: number,
  nextParameters: number,
  nextState0: number,
  nextState1: number,
  count: number,
  ...scalars: number[]
) => number;

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
