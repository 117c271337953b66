import type { KernelConfig, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow, WasmBackend } from "../backend/wasm_backend.ts";
import { CoreError } from "../errors.ts";
import {
  type Attributes,
  type Inputs,
  type KernelContext,
  kernelContext,
  type TfjsKernel,
} from "../kernels/kernel_context.ts";
import { kernels } from "../kernels/kernels.ts";
import { registerChainedOperations } from "./chained_operations.ts";
import { registerFusedConvolutions } from "./fused_convolutions.ts";
import { type Gradient, gradientKeeper, registerGradients } from "./gradients.ts";
import { mendedGradients } from "./mended_gradients.ts";

/** Takes back what `register` did; undefined while nothing is registered. */
let restore: (() => void) | undefined;

/**
 * Makes tfjs's backend 'wasm' train: puts in the kernels that it lacks, has wrong or has slow, the gradients and the
 * chained operations that tfjs-core alone does not register. Existing code works unchanged. Prints nothing.
 *
 * Call it before or after the backend starts, in each thread that uses tfjs; again, it does nothing. It holds for every
 * later start of the backend, and for all instances of tfjs-core in the program, which share their registry.
 *
 * @param tf tfjs-core, or a package that has all of it; CommonJS or ESM
 * @throws `TFJS_INSTANCE` when `tf` is something else; `TFJS_BACKEND` when @tensorflow/tfjs-backend-wasm was not imported
 * @example
 * import * as tf from "@tensorflow/tfjs-core";
 * import "@tensorflow/tfjs-backend-wasm";
 * import { register } from "@convoy/core";
 * register(tf);
 */
export function register(tf: TensorFlow): void {
  check(tf);
  if (restore !== undefined) return;
  const contexts = new WeakMap<WasmBackend, KernelContext>();
  const contextOf = (backend: WasmBackend): KernelContext => {
    let context = contexts.get(backend);
    if (context === undefined) {
      context = kernelContext(tf, backend);
      contexts.set(backend, context);
    }
    return context;
  };
  const undo = [registerGradients(tf, mendedGradients), registerFusedConvolutions(tf)];
  for (const [name, kernel] of Object.entries(kernels)) {
    undo.push(registerKernel(tf, name, kernel, contextOf, mendedGradients[name]));
  }
  registerChainedOperations(tf);
  restore = () => {
    for (const step of undo) step();
  };
}

/** Gives backend 'wasm' its own kernels back. What tfjs had no kernel or gradient for is without it again. */
export function unregister(): void {
  restore?.();
  restore = undefined;
}

function check(tf: Partial<TensorFlow> | undefined): void {
  if (typeof tf?.getKernel !== "function" || typeof tf.registerKernel !== "function") {
    throw new CoreError(
      "TFJS_INSTANCE",
      `register takes tfjs-core itself; got ${typeof tf}. Call register(tf) after import * as tf from "@tensorflow/tfjs-core".`,
    );
  }
  if ((tf.getKernel("Add", "wasm") as KernelConfig | undefined) === undefined) {
    throw new CoreError(
      "TFJS_BACKEND",
      `this tfjs has no kernels for backend 'wasm'. Import "@tensorflow/tfjs-backend-wasm" before register(tf).`,
    );
  }
}

/** Registers a kernel in place of the one that is there, which it can call. Returns what restores that one. */
function registerKernel(
  tf: TensorFlow,
  kernelName: string,
  kernel: TfjsKernel,
  contextOf: (backend: WasmBackend) => KernelContext,
  gradient: Gradient | undefined,
): () => void {
  const existing: KernelConfig | undefined = tf.getKernel(kernelName, "wasm");
  const keepGradient = gradient && gradientKeeper(tf, kernelName, gradient);
  replace({
    // With the stock kernel's setup, which runs at the next start.
    ...existing,
    kernelName,
    backendName: "wasm",
    kernelFunc({ inputs, backend, attrs }) {
      keepGradient?.();
      const stock = (stockInputs: Inputs, attributes: Attributes): TensorInfo => {
        if (existing === undefined) throw new Error(`backend 'wasm' has no ${kernelName} of its own`);
        return existing.kernelFunc({ inputs: stockInputs, backend, attrs: attributes as NamedAttrMap }) as TensorInfo;
      };
      return kernel(contextOf(backend as WasmBackend), inputs as Inputs, attrs ?? {}, stock);
    },
  });
  return () => replace(existing);

  function replace(config: KernelConfig | undefined): void {
    // Registering over a kernel would print a warning.
    if (tf.getKernel(kernelName, "wasm") as KernelConfig | undefined) tf.unregisterKernel(kernelName, "wasm");
    if (config !== undefined) tf.registerKernel(config);
  }
}
