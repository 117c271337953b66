import { CoreError } from "../../errors.ts";
import type { WasmBackend } from "./wasm_backend.ts";

/** The backend's own malloc takes sizes modulo 2^32, and gives a small block for one just below it. */
const largestBlock = 2 ** 32 - 2 ** 21;

/**
 * Address of `bytes` bytes in the backend's memory that are not cleared; a multiple of 8.
 *
 * @throws `MEMORY_EXHAUSTED` when the 4 GiB of WebAssembly are used up
 */
export function malloc(wasm: WasmBackend["wasm"], bytes: number): number {
  const address = bytes <= largestBlock ? wasm._malloc(bytes) >>> 0 : 0;
  if (address === 0) {
    throw new CoreError(
      "MEMORY_EXHAUSTED",
      `${bytes.toLocaleString("en")} bytes do not fit into this thread's WebAssembly memory, which is 4 GiB. ` +
        "Use a smaller batch size or a smaller network.",
    );
  }
  return address;
}
