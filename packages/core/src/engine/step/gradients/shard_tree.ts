import { tileStackBytes } from "../../emit/direct/sharded_weight_gradient.ts";
import { gaps, type Range } from "../layout/ranges.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import type { StepKernels } from "../step_kernels.ts";
import type { WasmMemory } from "../../backend/wasm_memory.ts";

/** More shards than this do not come in one call: the limit of a minibatch. */
const mostShards = 64;

/** Sums that a run of shards holds at the same time. */
const depth = Math.log2(mostShards) + 1;

/**
 * Sums vectors of shards in the tree's order: level k adds shard i + 2^k to shard i, for i a multiple of 2^(k+1); a
 * missing partner passes through. Like a binary counter, it holds at most one sum a level.
 */
export class ShardTree {
  /** Address of the first vector; sums end up here. */
  readonly result: number;
  /** For kernels that sum by themselves: two i32 a shard, its images and how many earlier sums are added to its own. */
  readonly shards: number;
  /** Room for `depth` sums of one tile. */
  readonly stack: number;
  readonly #kernels: StepKernels;
  readonly #memory: WasmMemory;
  /** Bytes from one vector to the next. */
  readonly #stride: number;
  /** What is handed over at the end, because nobody did so before. */
  readonly #rest: readonly Range[];
  /** Views of the memory, by address: made once, because a step is to leave no garbage. */
  readonly #views = new Map<number, Float32Array>();
  #pairs = new Int32Array(0);
  #count = 0;
  #out: Float32Array = new Float32Array(0);

  /** @param handedOver parts of the vector that are handed over by who sums them */
  constructor({ kernels, memory, arena, linker }: OperationContext, floats: number, handedOver: readonly Range[]) {
    this.#kernels = kernels;
    this.#memory = memory;
    this.#rest = gaps(handedOver, floats);
    this.#stride = Math.ceil(floats / 16) * 64;
    this.result = arena.reserve(this.#stride * depth);
    this.shards = arena.allocate(mostShards * 8);
    this.stack = arena.reserve(tileStackBytes(linker.panelVectors) * depth);
  }

  /** Address behind the last shard's pair. */
  get shardsEnd(): number {
    return this.shards + this.#count * 8;
  }

  /** Sets the images of each shard, and where the sums that follow are wanted. */
  begin(sizes: readonly number[], out: Float32Array): void {
    // Views go stale when the backend's memory grows.
    if (this.#pairs.buffer !== this.#memory.buffer) {
      this.#pairs = new Int32Array(this.#memory.buffer, this.shards, mostShards * 2);
      this.#views.clear();
    }
    this.#out = out;
    this.#count = sizes.length;
    let held = 0;
    for (let shard = 0; shard < sizes.length; shard++) {
      const last = shard === sizes.length - 1;
      const merges = last ? held : trailingZeros(shard + 1);
      this.#pairs[shard * 2] = sizes[shard];
      this.#pairs[shard * 2 + 1] = merges;
      held += 1 - merges;
    }
  }

  /**
   * Calls `write(first image, images, address of a vector)` for each shard and adds up the floats offset to
   * offset + count - 1 of the vectors.
   */
  sum(offset: number, count: number, write: (first: number, images: number, vector: number) => void): void {
    let held = 0;
    let first = 0;
    for (let shard = 0; shard < this.#count; shard++) {
      const images = this.#pairs[shard * 2];
      write(first, images, this.result + held * this.#stride);
      first += images;
      for (let merges = this.#pairs[shard * 2 + 1]; merges > 0; merges--) this.#merge(--held, offset, count);
      held++;
    }
  }

  /** Copies `count` floats of the sum from an address that only they have to where they are wanted. */
  handOver(address: number, offset: number, count: number): void {
    let view = this.#views.get(address);
    if (view === undefined) {
      view = new Float32Array(this.#memory.buffer, address, count);
      this.#views.set(address, view);
    }
    this.#out.set(view, offset);
  }

  /** Copies what nobody has handed over. */
  end(): void {
    for (let i = 0; i < this.#rest.length; i++) {
      const { offset, count } = this.#rest[i];
      this.handOver(this.result + offset * 4, offset, count);
    }
  }

  /** Adds the vector above to the vector at `level`. */
  #merge(level: number, offset: number, count: number): void {
    const target = this.result + level * this.#stride + offset * 4;
    this.#kernels.add(target, target + this.#stride, count);
  }
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}
