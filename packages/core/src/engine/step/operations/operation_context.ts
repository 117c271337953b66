import type { Linker } from "../../emit/module/linker.ts";
import type { Arena } from "../layout/arena.ts";
import type { ParameterVector } from "../layout/parameter_vector.ts";
import type { StepKernels } from "../step_kernels.ts";
import type { WasmMemory } from "../../backend/wasm_memory.ts";

/** What operations are laid out with. */
export interface OperationContext {
  readonly arena: Arena;
  readonly memory: WasmMemory;
  readonly kernels: StepKernels;
  /** Takes the kernels that are emitted for this network. */
  readonly linker: Linker;
  readonly parameters: ParameterVector;
  /** No gradients are wanted: no kernels are emitted and no buffers allocated for them. */
  readonly forwardOnly: boolean;
  /** The most images in a call. */
  readonly capacity: number;
  /** Zeros, as many as the widest layer has channels: the bias of layers without one. */
  readonly zeros: number;
}
