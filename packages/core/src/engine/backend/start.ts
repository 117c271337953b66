import type * as TensorFlow from "@tensorflow/tfjs-core";
import { CoreError } from "../../errors.ts";
import { compileKernels } from "./compile_kernels.ts";
import { exportsOver } from "./exports_over.ts";
import { malloc } from "./malloc.ts";
import type { WasmBackend } from "./wasm_backend.ts";
import type { WasmMemory } from "./wasm_memory.ts";

/** The tfjs WebAssembly backend of this thread, with our kernels over its memory. */
export interface Backend {
  readonly tf: typeof TensorFlow;
  /** tfjs's own memory: it may grow with any allocation, and typed arrays over it are then detached. */
  readonly memory: WasmMemory;
  /**
   * Address of `bytes` bytes that are not cleared; a multiple of 8.
   *
   * @throws `MEMORY_EXHAUSTED` when the 4 GiB of WebAssembly are used up
   */
  malloc(bytes: number): number;
  free(address: number): void;
  /** The exports of assembly/replica.ts; it never grows the memory, which would detach tfjs's views. */
  readonly kernels: Readonly<Record<string, unknown>>;
}

let started: Promise<Backend> | undefined;

/**
 * Starts tfjs's backend 'wasm' and puts our kernels into its memory: once a thread, however often it is called.
 *
 * @throws `BACKEND_UNAVAILABLE` when the tfjs packages are missing or the backend does not start;
 *   `KERNELS_UNSUPPORTED` when this engine cannot run our own kernels
 */
export async function startBackend(): Promise<Backend> {
  started ??= start();
  return started;
}

async function start(): Promise<Backend> {
  const module = compileKernels("replica");
  const { tf, wasm } = await startTensorFlow();
  const { memory } = wasm.asm;
  return {
    tf,
    memory,
    malloc: (bytes) => malloc(wasm, bytes),
    free: (address) => wasm._free(address),
    kernels: exportsOver(memory, module),
  };
}

async function startTensorFlow(): Promise<{ tf: typeof TensorFlow; wasm: WasmBackend["wasm"] }> {
  try {
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-wasm");
    if (!(await tf.setBackend("wasm"))) throw new Error("tf.setBackend('wasm') gave false");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tfjs types its backends as KernelBackend
    const { wasm } = tf.backend() as unknown as WasmBackend;
    return { tf, wasm };
  } catch (cause) {
    throw new CoreError(
      "BACKEND_UNAVAILABLE",
      "the TensorFlow.js WebAssembly backend does not start. Install @tensorflow/tfjs-core and " +
        `@tensorflow/tfjs-backend-wasm 4.22 beside @convoy/core; in a bundle, leave both outside. (${String(cause)})`,
      { cause },
    );
  }
}
