import type { DataType, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import { malloc, memoryOf, type TensorFlow, type WasmBackend } from "@convoy/core/engine";
import { instantiateTfjsKernels, type TfjsKernels } from "./tfjs_kernels.ts";

export type Inputs = Record<string, TensorInfo>;
export type Attributes = Record<string, unknown>;

/** What a kernel of ours is called with: one for each start of the backend. */
export interface KernelContext {
  readonly tf: TensorFlow;
  readonly backend: WasmBackend;
  readonly kernels: TfjsKernels;
  /** Address of a tensor's data; valid for good, although typed arrays over the memory are not. */
  readonly address: (tensor: TensorInfo) => number;
  /** A new tensor, not cleared; float32 unless told. */
  readonly output: (shape: readonly number[], dtype?: DataType) => TensorInfo;
  /** Calls another kernel of the backend that gives one tensor. */
  readonly run: (kernelName: string, inputs: Inputs, attributes?: Attributes) => TensorInfo;
  /** Gives back a tensor that nobody else will see. */
  readonly release: (tensor: TensorInfo) => void;
  /** Address of bytes that are the kernel's own until the next call or its return; not cleared. One block, which grows. */
  readonly scratch: (bytes: number) => number;
}

/** @param stock The kernel that tfjs has for it; throws where it has none. */
export type TfjsKernel = (
  context: KernelContext,
  inputs: Inputs,
  attributes: Attributes,
  stock: (inputs: Inputs, attributes: Attributes) => TensorInfo,
) => TensorInfo | TensorInfo[];

/** Kernels by the name that tfjs has for them. */
export type KernelFamily = Readonly<Record<string, TfjsKernel>>;

export function kernelContext(tf: TensorFlow, backend: WasmBackend): KernelContext {
  const { wasm } = backend;
  const memory = memoryOf(backend);
  let scratchBlock = 0;
  let scratchBytes = 0;
  return {
    tf,
    backend,
    kernels: instantiateTfjsKernels(memory),
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    output: (shape, dtype = "float32") => backend.makeOutput(shape, dtype),
    run(kernelName, inputs, attributes = {}) {
      const kernel = tf.getKernel(kernelName, "wasm");
      return kernel.kernelFunc({ inputs, backend, attrs: attributes as NamedAttrMap }) as TensorInfo;
    },
    release: ({ dataId }) => void backend.disposeData(dataId),
    scratch(bytes) {
      if (bytes > scratchBytes) {
        if (scratchBytes > 0) wasm._free(scratchBlock);
        scratchBytes = 0;
        scratchBlock = malloc(wasm, bytes);
        scratchBytes = bytes;
      }
      return scratchBlock;
    },
  };
}
