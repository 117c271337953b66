import { memoryOf, type WasmBackend } from "@convoy/core/engine";

const zone = 64;
const guard = 0xa7;
/** What fresh memory holds: no number that an operation gives. */
const fresh = 0xcd;

export interface GuardedMemory {
  /** Blocks beside which somebody wrote since the last call. */
  readonly damaged: () => number;
  readonly undo: () => void;
}

/**
 * Puts guard bytes before and after every block that the backend allocates from here on, and a pattern into it, so that
 * what an operation writes beside its tensors, reads beside them, or leaves unwritten shows.
 */
export function guardMemory(backend: WasmBackend): GuardedMemory {
  const { wasm } = backend;
  // Emscripten puts the functions themselves in place of these when they are first called.
  wasm._free(wasm._malloc(1));
  // oxlint-disable-next-line typescript/unbound-method -- called with the module
  const { _malloc: malloc, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let found = 0;
  const bytes = (): Uint8Array => new Uint8Array(memoryOf(backend).buffer);
  wasm._malloc = (size) => {
    const block = malloc.call(wasm, size + 2 * zone) >>> 0;
    if (block === 0) return 0;
    const memory = bytes();
    memory.fill(guard, block, block + zone);
    memory.fill(fresh, block + zone, block + zone + size);
    memory.fill(guard, block + zone + size, block + 2 * zone + size);
    sizes.set(block + zone, size);
    return block + zone;
  };
  wasm._free = (address) => {
    const size = sizes.get(address >>> 0);
    if (size === undefined) return free.call(wasm, address);
    found += Number(!whole(bytes(), address >>> 0, size));
    sizes.delete(address >>> 0);
    bytes().fill(fresh, address >>> 0, (address >>> 0) + size);
    free.call(wasm, (address >>> 0) - zone);
  };
  return {
    damaged() {
      const memory = bytes();
      for (const [address, size] of sizes) {
        if (whole(memory, address, size)) continue;
        found++;
        memory.fill(guard, address - zone, address);
        memory.fill(guard, address + size, address + size + zone);
      }
      const count = found;
      found = 0;
      return count;
    },
    undo() {
      // Blocks that are still there are freed by the address that malloc gave.
      wasm._malloc = malloc;
    },
  };
}

function whole(memory: Uint8Array, address: number, size: number): boolean {
  for (let i = 1; i <= zone; i++) {
    if (memory[address - i] !== guard || memory[address + size + i - 1] !== guard) return false;
  }
  return true;
}
