import type { ReplicaDescription, SlotShape } from "@convoy/tfjs/tape";
import { allocate } from "../plan/addresses.ts";
import { planCompiledLayout, type CompiledLayout } from "./layout.ts";
import type { CompiledRun } from "./task.ts";
import type { WasmMemory } from "@convoy/core/training";

/** What an optimizer remembers, flat. */
export interface SharedState {
  readonly slots: readonly SlotShape[];
  readonly steps: number;
  readonly flat: Float32Array;
}

/** The memory that all threads of a run share, and the model in it, as main sees them. */
export class SharedModel {
  readonly memory: WasmMemory;
  readonly layout: CompiledLayout;
  readonly description: ReplicaDescription;
  readonly #spec: CompiledRun["spec"];

  /**
   * @param description as a thread gave it
   * @throws `MEMORY_LIMIT`
   */
  constructor({ spec, plan, data, validation, batchSize }: CompiledRun, description: ReplicaDescription) {
    const weightCount = description.changing.reduce((sum, place) => sum + spec.sizes[place], 0);
    const batches = Math.ceil((validation?.count ?? 0) / batchSize);
    this.layout = planCompiledLayout(description, weightCount, plan, Math.ceil(data.count / batchSize), batches);
    this.memory = allocate(this.layout);
    this.description = description;
    this.#spec = spec;
    const changing = this.#changing(0);
    let offset = 0;
    for (const place of description.changing) {
      changing.set(this.#stretch(spec.weights, place), offset);
      offset += spec.sizes[place];
    }
  }

  /** All weights after so many steps, which must be the last whole one. To be read when no thread computes any more. */
  weightsAfter(steps: number): Float32Array {
    const all = this.#spec.weights.slice();
    const changing = this.#changing(steps);
    let offset = 0;
    for (const place of this.description.changing) {
      const weight = this.#stretch(all, place);
      weight.set(changing.subarray(offset, offset + weight.length));
      offset += weight.length;
    }
    return all;
  }

  /** Likewise; nothing where the optimizer does not tell, or has not taken a step. */
  stateAfter(steps: number): SharedState | undefined {
    const { slots } = this.description;
    if (slots === undefined || steps === 0) return undefined;
    const { state, stateCount, stateSteps } = this.layout;
    const side = steps % 2;
    return {
      slots,
      steps: new Int32Array(this.memory.buffer, stateSteps[side], 1)[0],
      flat: new Float32Array(this.memory.buffer, state[side], stateCount),
    };
  }

  #changing(steps: number): Float32Array {
    const { weights, weightCount } = this.layout;
    return new Float32Array(this.memory.buffer, weights[steps % 2], weightCount);
  }

  #stretch(all: Float32Array, place: number): Float32Array {
    const { sizes } = this.#spec;
    const start = sizes.slice(0, place).reduce((sum, size) => sum + size, 0);
    return all.subarray(start, start + sizes[place]);
  }
}
