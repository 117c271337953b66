import { readFileSync } from "node:fs";
import { CoreError } from "../errors.ts";

/** One compilation a thread; a module does not depend on a memory. */
const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles wasm/<name>.wasm, once a thread.
 *
 * @throws `KERNELS_MISSING` when the file was not built; `KERNELS_UNSUPPORTED` when this engine cannot run it
 */
export function compileKernels(name: "replica" | "shared"): WebAssembly.Module {
  let module = compiled.get(name);
  if (module === undefined) {
    module = compile(name);
    compiled.set(name, module);
  }
  return module;
}

function compile(name: string): WebAssembly.Module {
  // The same from src/backend/ and from dist/backend/.
  const file = new URL(`../../wasm/${name}.wasm`, import.meta.url);
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
      `Node ${process.version} on ${process.arch} cannot compile ${file.pathname}: it needs WebAssembly with relaxed ` +
        `SIMD and shared memory. Use Node 24.12 or later on a 64-bit processor (x86: with SSE4.1).`,
      { cause },
    );
  }
}
