import { exportsOver } from "../../backend/exports_over.ts";
import type { WasmMemory } from "../../backend/wasm_memory.ts";
import { Bytes } from "./encoding.ts";

/** The import section of a module that imports `env.memory` alone, with these limits. */
function importSection(...limits: readonly number[]): readonly number[] {
  const imports = new Bytes()
    .unsigned(1)
    .name("env")
    .name("memory")
    .byte(2, ...limits);
  return new Bytes().byte(2).sized(imports).data;
}

const unshared = importSection(0, 1);

/** At least one page, at most 65,536, as tfjs declares it. */
const shared = importSection(3, 1, 0x80, 0x80, 4);

/**
 * Puts a module of ours over a memory of tfjs's backend. In browsers that isolate a page, tfjs shares its memory between
 * threads, and a module says which kind of memory it takes; the code is the same, and one thread calls it.
 *
 * @param bytes a module that imports `env.memory`, not shared and with no maximum, and nothing else
 * @returns what it exports
 */
export function instantiateOver(memory: WasmMemory, bytes: Uint8Array<ArrayBuffer>): Readonly<Record<string, unknown>> {
  if (!("SharedArrayBuffer" in globalThis && memory.buffer instanceof SharedArrayBuffer)) {
    return exportsOver(memory, new WebAssembly.Module(bytes));
  }
  const at = bytes.findIndex((_, i) => unshared.every((byte, j) => bytes[i + j] === byte));
  const rest = bytes.subarray(at + unshared.length);
  return exportsOver(memory, new WebAssembly.Module(Uint8Array.from([...bytes.subarray(0, at), ...shared, ...rest])));
}
