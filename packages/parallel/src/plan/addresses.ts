import { totalmem } from "node:os";
import { ParallelError } from "../errors.ts";
import { addressSpaceCause } from "../pool/address_space.ts";
import type { WasmMemory } from "@convoy/core/training";

/** A cache line: vectors start on one, so that slices of whole lines never share one. */
const alignment = 64;
const page = 65_536;
/** What a 32-bit WebAssembly memory can address. */
const maximumBytes = 65_536 * page;

/** Deals out the addresses of a shared memory, from the bottom up. */
export class Addresses {
  #bytes: number;

  /** @param used bytes at the start of the memory that are taken already */
  constructor(used: number) {
    this.#bytes = used;
  }

  get bytes(): number {
    return this.#bytes;
  }

  take(size: number): number {
    const address = Math.ceil(this.#bytes / alignment) * alignment;
    this.#bytes = address + size;
    return address;
  }
}

/**
 * @param what needs the memory, in the words of the message
 * @throws `MEMORY_LIMIT` when it is more than WebAssembly can address, or than this machine has
 */
export function checkMemory(bytes: number, what: string, available: number = totalmem()): void {
  const limit = Math.min(maximumBytes, available);
  if (bytes <= limit) return;
  throw new ParallelError(
    "MEMORY_LIMIT",
    `${what} need ${mebibytes(bytes)} MiB of shared memory; ${mebibytes(limit)} are possible here. ` +
      `Use fewer shards, fewer workers or a smaller network.`,
  );
}

/**
 * Refuses a run whose threads would take more than this machine has: the system would end the process in the middle.
 *
 * @param each bytes that a thread takes at the least
 * @throws `MEMORY_LIMIT`
 */
export function checkThreads(each: number, workers: number, available: number = totalmem()): void {
  if (each * workers <= available) return;
  throw new ParallelError(
    "MEMORY_LIMIT",
    `${workers} workers need ${mebibytes(each)} MiB each, at the least, for parameters and activations; this machine has ` +
      `${mebibytes(available)}. Use fewer workers, a smaller batch size or a smaller network.`,
  );
}

/**
 * A memory of so many bytes, all zeros.
 *
 * @throws `ADDRESS_SPACE` or `MEMORY_LIMIT` when the system does not give it
 */
export function allocate({ bytes }: { readonly bytes: number }): WasmMemory {
  const pages = Math.ceil(bytes / page);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    const limited = addressSpaceCause("the memory that threads share");
    if (limited !== undefined) throw limited;
    throw new ParallelError(
      "MEMORY_LIMIT",
      `the system does not give ${mebibytes(bytes)} MiB of shared memory. Use fewer shards, fewer workers or a ` +
        `smaller network, or free memory.`,
      { cause },
    );
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
