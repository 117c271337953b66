import type { DataId, KernelBackend, KernelConfig, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { Backend } from "../backend/start.ts";

/** The parts of tfjs's WebAssembly backend that kernels use and that are not in its types. */
interface WasmBackend extends KernelBackend {
  readonly dataIdMap: { get(dataId: DataId): { readonly memoryOffset: number } };
  /** A tensor whose memory is allocated, but not cleared. */
  makeOutput(shape: readonly number[], dtype: "float32"): TensorInfo;
}

/** What `assembly/tape` exports: pointers to float32 data in the backend's memory, and to a `Window2d`. */
export interface TapeKernels {
  conv2dBackpropFilter(info: number, x: number, dy: number, dw: number): void;
  maxPool2d(info: number, x: number, y: number): void;
  maxPool2dGradient(info: number, x: number, dy: number, dx: number): void;
  averagePool2d(info: number, x: number, y: number): void;
  averagePool2dGradient(info: number, dy: number, dx: number): void;
  reluVector(x: number, y: number, count: number): void;
  /** From `assembly/step`. */
  fillZero(target: number, bytes: number): void;
}

/** The sizes of `assembly/tape/window2d.ts`, in its order. */
export interface Window2d {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number };
}

type Inputs = Record<string, TensorInfo>;
export type Attributes = Record<string, unknown>;

/** What a kernel of ours is called with. */
export interface KernelContext {
  readonly tf: Backend["tf"];
  readonly kernels: TapeKernels;
  /** Address of a tensor's data; valid for good, although typed arrays over the memory are not. */
  readonly address: (tensor: TensorInfo) => number;
  /** A new tensor, not cleared. */
  readonly output: (shape: readonly number[]) => TensorInfo;
  /** Calls another kernel of the backend. */
  readonly run: (kernelName: string, inputs: Inputs, attributes?: Attributes) => TensorInfo;
  /** Gives back a tensor that nobody else will see. */
  readonly release: (tensor: TensorInfo) => void;
  /** Address of the struct that tells a kernel these sizes; overwritten by the next call. */
  readonly window: (info: Window2d) => number;
}

/** @param stock The kernel that tfjs has for it; throws where it has none. */
export type TapeKernel = (
  context: KernelContext,
  inputs: Inputs,
  attributes: Attributes,
  stock: (inputs: Inputs, attributes: Attributes) => TensorInfo,
) => TensorInfo;

export function kernelContext(backend: Backend): KernelContext {
  const { tf, memory, kernels } = backend;
  const wasm = tf.findBackend("wasm") as WasmBackend;
  const block = backend.malloc(64);
  return {
    tf,
    // The exports of assembly/tape, which the interface above repeats.
    kernels: kernels as unknown as TapeKernels,
    address: ({ dataId }) => wasm.dataIdMap.get(dataId).memoryOffset,
    output: (shape) => wasm.makeOutput(shape, "float32"),
    run(kernelName, inputs, attributes = {}) {
      const kernel = tf.getKernel(kernelName, "wasm");
      return kernel.kernelFunc({ inputs, backend: wasm, attrs: attributes as NamedAttrMap }) as TensorInfo;
    },
    release: ({ dataId }) => void wasm.disposeData(dataId),
    window(info) {
      new Int32Array(memory.buffer, block, 13).set([
        info.batchSize,
        info.inHeight,
        info.inWidth,
        info.inChannels,
        info.outHeight,
        info.outWidth,
        info.outChannels,
        info.filterHeight,
        info.filterWidth,
        info.strideHeight,
        info.strideWidth,
        info.padInfo.top,
        info.padInfo.left,
      ]);
      return block;
    },
  };
}

/** Registers a kernel for backend 'wasm' in place of the one that is there, which it can call. */
export function register(context: KernelContext, kernelName: string, kernel: TapeKernel): void {
  const { tf } = context;
  const existing: KernelConfig | undefined = tf.getKernel(kernelName, "wasm");
  // Registering over a kernel would print a warning.
  if (existing) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    ...existing,
    kernelName,
    backendName: "wasm",
    kernelFunc({ inputs, backend, attrs }) {
      const stock = (stockInputs: Inputs, attributes: Attributes): TensorInfo => {
        if (existing === undefined) throw new Error(`backend 'wasm' has no ${kernelName} of its own`);
        return existing.kernelFunc({ inputs: stockInputs, backend, attrs: attributes as NamedAttrMap }) as TensorInfo;
      };
      return kernel(context, inputs as Inputs, attrs ?? {}, stock);
    },
  });
}
