import { readFileSync } from "node:fs";
import { CoreError } from "../errors.ts";

/**
 * The kernels that run over the memory all workers share. Pointers are byte addresses of float32 vectors, multiples
 * of 4; a vector may begin anywhere and have any length: its bits are the same in one call as in many.
 * The formulas stand in `assembly/shared/`.
 */
export interface SharedKernels {
  /** target[i] += source[i] */
  add(target: number, source: number, count: number): void;
  /** With momentum 0 the pointers of the velocity are not touched. */
  sgd(
    gradient: number,
    parameters: number,
    velocity: number,
    nextParameters: number,
    nextVelocity: number,
    count: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
    nesterov: number,
  ): void;
  /** correction1 = 1 - beta1^t, correction2 = 1 - beta2^t at step t, counted from 1. */
  adam(
    gradient: number,
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
  ): void;
  /** 1 when none of the floats is NaN or infinite, else 0. */
  finite(p: number, count: number): number;
}

/** One compilation a thread; it does not depend on the memory. */
let compiled: WebAssembly.Module | undefined;

/**
 * Puts the shared-memory kernels over a memory. Synchronous; the module is compiled once per thread.
 *
 * @param memory made with `shared: true` and a maximum
 * @throws `KERNELS_MISSING` when wasm/shared.wasm was not built; `KERNELS_UNSUPPORTED` when this JavaScript engine
 *   cannot run it; `KERNELS_MEMORY` when the memory is not shared
 */
export function instantiateSharedKernels(memory: WebAssembly.Memory): SharedKernels {
  if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof SharedArrayBuffer)) {
    throw new CoreError(
      "KERNELS_MEMORY",
      "the shared kernels need a WebAssembly.Memory made with shared: true and a maximum; got another one.",
    );
  }
  compiled ??= compile();
  // The exports of assembly/shared.ts, which the interface above repeats.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as SharedKernels;
}

function compile(): WebAssembly.Module {
  // The same from src/backend/ and from dist/backend/.
  const file = new URL("../../wasm/shared.wasm", import.meta.url);
  let bytes: Buffer<ArrayBuffer>;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new CoreError("KERNELS_MISSING", `${file.pathname} cannot be read. Build it: pnpm kernels.`, { cause });
  }
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new CoreError(
      "KERNELS_UNSUPPORTED",
      `Node ${process.version} on ${process.arch} cannot compile ${file.pathname}: it needs WebAssembly SIMD and shared ` +
        `memory. Use Node 24.12 or later on a 64-bit processor (x86: with SSE4.1).`,
      { cause },
    );
  }
}
