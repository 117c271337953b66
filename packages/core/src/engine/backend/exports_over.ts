import type { WasmMemory } from "./wasm_memory.ts";

/** What a module exports, once it is put over the memory that it imports as `env.memory`. */
export function exportsOver(memory: WasmMemory, module: WebAssembly.Module): Readonly<Record<string, unknown>> {
  // Each WasmMemory was made by `new WebAssembly.Memory`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new WebAssembly.Instance(module, { env: { memory: memory as WebAssembly.Memory } }).exports;
}
