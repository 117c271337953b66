import type { DataId, DataType, KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmMemory } from "./wasm_memory.ts";

/** An instance of tfjs-core. All instances of a program share one engine and one registry of kernels. */
export type TensorFlow = typeof import("@tensorflow/tfjs-core");

/** tfjs's WebAssembly backend, with the parts that its types leave out. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WasmMemory };
    /** Where the backend has threads, in browsers, it imports its memory, which is here then. */
    readonly wasmMemory?: WasmMemory;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: DataId): { readonly memoryOffset: number } };
  /** A real tensor's elements, until the memory grows. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
  /** A tensor whose memory is allocated, but not cleared. */
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
}

/** The backend's memory. It may grow with any allocation, and typed arrays over it are then detached. */
export function memoryOf({ wasm }: WasmBackend): WasmMemory {
  return wasm.wasmMemory ?? wasm.asm.memory;
}
