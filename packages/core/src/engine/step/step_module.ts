import { Arena, type Heap } from "./layout/arena.ts";
import { planOperations } from "./plan_operations.ts";
import type { PlannedSpec } from "./planned_spec.ts";

/** So many images, because some buffers are laid out for them: no code depends on it. */
const capacity = 1;

/**
 * The WebAssembly module that a network's step is emitted as, by a plan that is laid out in no backend's memory: takes some
 * milliseconds, and starts nothing. It is a function of the network and the variant of kernels alone.
 *
 * @throws as `createReplica` does for a network that cannot be planned
 */
export function stepModule(spec: PlannedSpec): Uint8Array<ArrayBuffer> {
  const buffer = reserve();
  try {
    const heap = emptyHeap(buffer);
    const arena = new Arena(heap);
    return planOperations({ memory: heap.memory, kernels: {} }, arena, spec, capacity).linker.bytes();
  } finally {
    // Until it is collected as garbage it would keep addresses that memories of threads may need.
    buffer.transferToFixedLength(0);
  }
}

const page = 65_536;

/** All that 32 bits can address, or as much as a limit on addresses (`ulimit -v`) leaves: most networks need far less. */
function reserve(): ArrayBuffer {
  for (let most = 2 ** 32; ; most /= 2) {
    try {
      return new ArrayBuffer(page, { maxByteLength: most });
    } catch (error) {
      if (!(error instanceof RangeError) || most === page) throw error;
    }
  }
}

/** Deals out addresses from the bottom up. Of its pages, those that nobody touches take no memory. */
function emptyHeap(buffer: ArrayBuffer): Heap {
  const start = 1024;
  let end = start;
  return {
    memory: {
      buffer,
      grow: () => 0,
    },
    malloc(bytes) {
      const address = end;
      end += Math.ceil(bytes / 8) * 8;
      if (end > buffer.byteLength) buffer.resize(Math.ceil(end / page) * page);
      return address;
    },
    free() {},
  };
}
