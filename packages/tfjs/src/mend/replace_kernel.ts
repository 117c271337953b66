import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow, WasmBackend } from "@convoy/core/engine";
import { TfjsError } from "../errors.ts";
import { hasComplex } from "../kernels/complex/pairs.ts";
import { hasStrings } from "../kernels/strings/string_kernels.ts";
import type { Attributes, Inputs, KernelContext, TfjsKernel } from "../kernels/kernel_context.ts";

/** What is there for one of tfjs's kernel names: each may be missing, but not all. */
export interface KernelChoice {
  /** For real tensors; without it, they get the stock kernel. */
  readonly real: TfjsKernel | undefined;
  /** For complex64 tensors; without it, they are refused: every other kernel would read their parts as numbers. */
  readonly complex: TfjsKernel | undefined;
  /** For strings; without it, they get the stock kernel, as the others would take what lies in memory for them. */
  readonly strings: TfjsKernel | undefined;
  /** Called before each call of the kernel. */
  readonly before: (() => void) | undefined;
}

/** Registers kernels in place of the stock one, which they can call. Returns what restores that one. */
export function replaceKernel(
  tf: TensorFlow,
  kernelName: string,
  choice: KernelChoice,
  contextOf: (backend: WasmBackend) => KernelContext,
): () => void {
  const stock: KernelConfig | undefined = tf.getKernel(kernelName, "wasm");
  // With the stock kernel's setup, which runs at the next start.
  const config = { ...stock, kernelName, backendName: "wasm", kernelFunc: choose() };
  put(config);
  return () => {
    if (tf.getKernel(kernelName, "wasm") === config) put(stock);
  };

  function choose(): KernelFunc {
    const { real, complex, strings, before } = choice;
    return (parameters) => {
      before?.();
      const { inputs, backend, attrs } = parameters;
      const isComplex = hasComplex(inputs as Inputs);
      const kernel = isComplex ? complex : hasStrings(inputs as Inputs) ? strings : real;
      if (kernel === undefined) {
        if (isComplex || stock === undefined) throw refused(inputs as Inputs);
        return stock.kernelFunc(parameters);
      }
      return kernel(contextOf(backend as WasmBackend), inputs as Inputs, attrs ?? {}, (stockInputs, attributes) =>
        callStock(stockInputs, attributes, backend),
      );
    };
  }

  function callStock(inputs: Inputs, attributes: Attributes, backend: object): TensorInfo {
    if (stock === undefined) throw refused(inputs);
    return stock.kernelFunc({ inputs, backend, attrs: attributes as NamedAttrMap }) as TensorInfo;
  }

  function refused(inputs: Inputs): TfjsError {
    const types = Object.values(inputs).map(({ dtype }) => dtype);
    return new TfjsError(
      "TAPE_TYPE",
      `backend 'wasm' has no kernel ${kernelName} for ${types.join(", ")}. Cast the tensors, or take tf.real and tf.imag.`,
    );
  }

  function put(kernel: KernelConfig | undefined): void {
    // Registering over a kernel would print a warning.
    if (tf.getKernel(kernelName, "wasm") as KernelConfig | undefined) tf.unregisterKernel(kernelName, "wasm");
    if (kernel !== undefined) tf.registerKernel(kernel);
  }
}
