import { CoreError } from "../../../errors.ts";
import type { Backend } from "../../backend/start.ts";

/** Of a backend, what an arena needs. */
export type Heap = Pick<Backend, "memory" | "malloc" | "free">;

/** A block starts on a cache line, and a vector may be read past its end. */
const alignment = 64;
const slack = 64;

/** WebAssembly's address space, less what the backend itself and its growth need. */
const limit = 3.5 * 2 ** 30;

/** The buffers of one plan in the backend's memory: allocated while planning, freed together, never in between. */
export class Arena {
  readonly #backend: Heap;
  readonly #blocks: number[] = [];
  #bytes = 0;

  constructor(backend: Heap) {
    this.#backend = backend;
  }

  /** Bytes that the plan holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Address of a new block of zeros.
   *
   * @throws CoreError PLAN_TOO_LARGE when the plan's buffers no longer fit into WebAssembly's 4 GiB.
   */
  allocate(bytes: number): number {
    const address = this.reserve(bytes);
    new Uint8Array(this.#backend.memory.buffer, address, bytes + slack).fill(0);
    return address;
  }

  /**
   * The same for what is written before it is read: nothing is known of its bytes. A page that nobody touches costs no
   * time, and one that is touched for the first time costs ten microseconds on a virtual machine.
   */
  reserve(bytes: number): number {
    const size = bytes + alignment + slack;
    this.expect(size);
    const block = this.#backend.malloc(size);
    this.#blocks.push(block);
    this.#bytes += size;
    return Math.ceil(block / alignment) * alignment;
  }

  /**
   * Refuses what will not fit, before any of it is allocated.
   *
   * @throws CoreError PLAN_TOO_LARGE
   */
  expect(bytes: number): void {
    if (this.#bytes + bytes <= limit) return;
    const needed = Math.ceil((this.#bytes + bytes) / 2 ** 20).toLocaleString("en");
    throw new CoreError(
      "PLAN_TOO_LARGE",
      `the network's buffers need more than ${needed} MiB, and WebAssembly has 4 GiB a thread. ` +
        "Use a smaller batch size, more workers, or a smaller network.",
    );
  }

  /** Address of a new table of 32-bit integers. */
  table(values: ArrayLike<number>): number {
    const address = this.allocate(values.length * 4);
    new Int32Array(this.#backend.memory.buffer, address, values.length).set(values);
    return address;
  }

  /** Address of a new struct whose fields are 32-bit words in the given order. */
  struct<Field extends string>(fields: readonly Field[], values: Record<Field, number>): number {
    return this.table(fields.map((field) => values[field]));
  }

  free(): void {
    for (const block of this.#blocks.splice(0)) this.#backend.free(block);
    this.#bytes = 0;
  }
}
