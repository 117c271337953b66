import type { Arena } from "./arena.ts";
import { gaps, type Range } from "./ranges.ts";
import { panelRowsInCache } from "./row_blocks.ts";
import type { WasmMemory } from "../../backend/wasm_memory.ts";

/** Brings rows `first` to first + rows - 1 of a layer's [inner, filters] matrix, which lie at `source`, into a kernel's order. */
export type PackRows = (source: number, first: number, rows: number) => void;

/** A smaller matrix stays in the caches anyway. */
const smallestStaged = 32 * 1024;

/**
 * The flat parameters, which lie in memory of others, as the layers of a plan read them. Most are copied to `address`. Large
 * matrices are not: their rows are handed out through a buffer that stays in the first-level cache, and packed from there.
 * To copy them first and to read the copy as often as there are packed forms moves twice as many bytes, see
 * docs/decisions/0009-less-memory-a-step.md.
 */
export class ParameterVector {
  /** Of the first parameter. */
  readonly address: number;
  readonly #memory: WasmMemory;
  readonly #arena: Arena;
  /** Floats. */
  readonly count: number;
  readonly #staged: Range[] = [];
  #copied: readonly Range[] = [];
  #floats = new Float32Array(0);
  #parameters: Float32Array = new Float32Array(0);
  /** Views of vectors that were opened, by offset: made once, because a step is to leave no garbage. */
  readonly #pieces = new WeakMap<Float32Array, Map<number, Float32Array>>();

  constructor(arena: Arena, memory: WasmMemory, count: number) {
    this.address = arena.reserve(count * 4);
    this.#memory = memory;
    this.#arena = arena;
    this.count = count;
    this.#copied = gaps([], count);
  }

  /**
   * While the plan is laid out.
   *
   * @param offset of the matrix in the vector, in floats
   * @param inRows whether the packing takes some rows at a time
   * @returns hands out the matrix of the vector that is open, in rows or in whole
   */
  matrix(offset: number, inner: number, filters: number, inRows: boolean): (pack: PackRows) => void {
    const count = inner * filters;
    if (!inRows || count * 4 < smallestStaged) {
      const address = this.address + offset * 4;
      return (pack) => pack(address, 0, inner);
    }
    const atOnce = panelRowsInCache(filters);
    this.#staged.push({ offset, count });
    this.#copied = gaps(this.#staged, this.count);
    const stage = this.#arena.reserve(atOnce * filters * 4);
    return (pack) => {
      for (let first = 0; first < inner; first += atOnce) {
        const rows = Math.min(atOnce, inner - first);
        this.#copy(offset + first * filters, rows * filters, stage);
        pack(stage, first, rows);
      }
    };
  }

  /** Copies what is not handed out in rows; the rest is read when it is asked for, so `parameters` must stay as it is. */
  open(parameters: Float32Array): void {
    // The view goes stale when the backend's memory grows.
    if (this.#floats.buffer !== this.#memory.buffer) this.#floats = new Float32Array(this.#memory.buffer);
    this.#parameters = parameters;
    if (!this.#pieces.has(parameters)) this.#pieces.set(parameters, new Map());
    for (let i = 0; i < this.#copied.length; i++) {
      const { offset, count } = this.#copied[i];
      this.#copy(offset, count, this.address + offset * 4);
    }
  }

  #copy(offset: number, count: number, target: number): void {
    const pieces = this.#pieces.get(this.#parameters)!;
    let piece = pieces.get(offset);
    if (piece === undefined) pieces.set(offset, (piece = this.#parameters.subarray(offset, offset + count)));
    this.#floats.set(piece, target / 4);
  }
}
