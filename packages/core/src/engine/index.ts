// What packages of ours build kernels with that are not of the planned step: the backend's memory, and the emitter.
export { isActivation } from "../network/activations/activations.ts";
export { buildLayers } from "../network/layers/build.ts";
export { checkEngine } from "./backend/check_engine.ts";
export { fromBase64 } from "./backend/from_base64.ts";
export { malloc } from "./backend/malloc.ts";
export type { PackingKernels } from "./backend/packing_kernels.ts";
export { startBackend } from "./backend/start.ts";
export type { Backend } from "./backend/start.ts";
export { memoryOf } from "./backend/wasm_backend.ts";
export type { TensorFlow, WasmBackend } from "./backend/wasm_backend.ts";
export type { WasmMemory } from "./backend/wasm_memory.ts";
export type { Code } from "./emit/module/code.ts";
export { Linker } from "./emit/module/linker.ts";
export type { Emitted } from "./emit/module/linker.ts";
export { instantiateOver } from "./emit/module/instantiate_over.ts";
export { winogradSumsFit, winogradTile } from "./emit/winograd/choice.ts";
export { tiledShape, winogradLayout } from "./emit/winograd/shape.ts";
export type { WinogradTile } from "./emit/winograd/transforms.ts";
export {
  emitWinogradWeightGradient,
  tiledWeightShape,
  winogradWeightScratch,
} from "./emit/winograd/weight_gradient.ts";
export { emitWinograd } from "./emit/winograd/winograd.ts";
