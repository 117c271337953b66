import type { KernelConfig } from "@tensorflow/tfjs-core";
import type { TensorFlow, WasmBackend } from "@convoy/core/engine";
import { TfjsError } from "../errors.ts";
import { complexKernels } from "../kernels/complex/complex_kernels.ts";
import { type KernelContext, kernelContext } from "../kernels/kernel_context.ts";
import { kernels } from "../kernels/kernels.ts";
import { stringKernels } from "../kernels/strings/string_kernels.ts";
import { registerChainedOperations } from "./chained_operations.ts";
import { registerFusedConvolutions } from "./fused_convolutions.ts";
import { registerGradients } from "./gradients.ts";
import { mendedGradients } from "./mended_gradients.ts";
import { registerOptimizers } from "./optimizers/optimizers.ts";
import { replaceKernel } from "./replace_kernel.ts";

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
 * import { register } from "@convoy/tfjs";
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
  const gradients = registerGradients(tf, mendedGradients);
  const stock = tf.getKernelsForBackend("wasm").map(({ kernelName }) => kernelName);
  const names = new Set([...stock, ...Object.keys(kernels), ...Object.keys(complexKernels)]);
  const undo = [...names].map((name) => {
    const kinds = { real: kernels[name], complex: complexKernels[name], strings: stringKernels[name] };
    const choice = { ...kinds, before: gradients.keep[name] };
    return replaceKernel(tf, name, choice, contextOf);
  });
  undo.push(registerFusedConvolutions(tf), registerOptimizers(tf), gradients.undo);
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
    throw new TfjsError(
      "TFJS_INSTANCE",
      `register takes tfjs-core itself; got ${typeof tf}. Call register(tf) after import * as tf from "@tensorflow/tfjs-core".`,
    );
  }
  if ((tf.getKernel("Add", "wasm") as KernelConfig | undefined) === undefined) {
    throw new TfjsError(
      "TFJS_BACKEND",
      `this tfjs has no kernels for backend 'wasm'. Import "@tensorflow/tfjs-backend-wasm" before register(tf).`,
    );
  }
}
