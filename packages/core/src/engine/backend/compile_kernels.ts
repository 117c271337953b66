import { checkEngine } from "./check_engine.ts";
import { kernelBytes, type KernelModule } from "./kernel_bytes.ts";

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
    module = new WebAssembly.Module(kernelBytes(name));
    compiled.set(name, module);
  }
  return module;
}
