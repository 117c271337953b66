import * as embedded from "../../../generated/kernels.js";
import { checkEngine } from "./check_engine.ts";
import { fromBase64 } from "./from_base64.ts";

/**
 * Kernels that were compiled ahead, as part of the program, so that a bundle needs no file beside it. `replica` runs in the
 * tfjs backend's own memory, `shared` in the memory that all workers share.
 */
export type KernelModule = "replica" | "shared";

/** One compilation a thread; a module does not depend on a memory. */
const compiled = new Map<KernelModule, WebAssembly.Module>();

/**
 * Compiles kernels, once a thread.
 *
 * @throws `KERNELS_UNSUPPORTED` when this engine cannot run them
 */
export function compileKernels(name: KernelModule): WebAssembly.Module {
  let module = compiled.get(name);
  if (module === undefined) {
    checkEngine();
    module = new WebAssembly.Module(fromBase64(embedded[name]));
    compiled.set(name, module);
  }
  return module;
}
