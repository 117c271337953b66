import type { Code } from "./code.ts";
import { ModuleBuilder } from "./module_builder.ts";
import { instantiateOver } from "./instantiate_over.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import type { WasmMemory } from "../../backend/wasm_memory.ts";

/** Which shape the kernels have: 128-bit tiles for any engine, or pairs that V8 fuses into 256-bit instructions. */
export type KernelVariant = "narrow" | "wide";

/** Vectors of four floats in a full panel of weights. */
export function panelVectorsOf(variant: KernelVariant): PanelVectors {
  return variant === "wide" ? 4 : 2;
}

/** A function of the network's own module; it can be called once the module is linked. */
export interface Emitted {
  run: (...values: readonly number[]) => void;
}

/** Collects the functions that a network's operations ask for, and puts them into one module over a memory. */
export class Linker {
  /** Vectors of four floats in a full panel of weights. */
  readonly panelVectors: PanelVectors;
  readonly #builder = new ModuleBuilder();
  readonly #emitted = new Map<string, Emitted>();

  constructor(variant: KernelVariant) {
    this.panelVectors = panelVectorsOf(variant);
  }

  /** @param name Layer and purpose, for profilers: "conv2d_1/forward". */
  add(name: string, code: Code): Emitted {
    const emitted: Emitted = { run: notLinked };
    this.#builder.add(name, code);
    this.#emitted.set(name, emitted);
    return emitted;
  }

  /** The module, as it stands. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#builder.build();
  }

  link(memory: WasmMemory): void {
    const exports = instantiateOver(memory, this.bytes());
    // Every function takes integers and gives nothing: see ModuleBuilder.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    for (const [name, emitted] of this.#emitted) emitted.run = exports[name] as Emitted["run"];
  }
}

function notLinked(): never {
  throw new Error("an emitted kernel was called before its module was linked");
}
