// What other packages of ours import: all of the index, and what they train with.
export * from "./index.ts";
export { checkEngine } from "./engine/backend/check_engine.ts";
export { engineFeatures } from "./engine/backend/engine_features.ts";
export type { EngineFeatures } from "./engine/backend/engine_features.ts";
export { instantiateSharedKernels } from "./engine/backend/shared_kernels.ts";
export type { SharedKernels } from "./engine/backend/shared_kernels.ts";
export type { WasmMemory } from "./engine/backend/wasm_memory.ts";
export { productRate } from "./engine/emit/product_rate.ts";
export { applyOptimizer } from "./engine/optimizers/apply.ts";
export type { OptimizerSlice } from "./engine/optimizers/apply.ts";
export { createReplica } from "./engine/step/create_replica.ts";
export type { OperationPart, OperationRecorder } from "./engine/step/operations/timed_operation.ts";
export { planCostsVersion } from "./engine/step/plan/plan_costs.ts";
export { planBytes } from "./engine/step/plan_bytes.ts";
export type { PlannedSpec } from "./engine/step/planned_spec.ts";
export type { MinibatchPart, Replica } from "./engine/step/replica.ts";
export { kernelIdentity, stepIdentity } from "./engine/verify/kernel_identity.ts";
export { networkStructure } from "./engine/verify/network_structure.ts";
export { checkCheckpoint } from "./formats/checkpoint/check_checkpoint.ts";
export { checkpointStep } from "./formats/checkpoint/checkpoint_name.ts";
export { decodeCheckpoint } from "./formats/checkpoint/decode_checkpoint.ts";
export { encodeCheckpoint } from "./formats/checkpoint/encode_checkpoint.ts";
export { atomicWrite } from "./formats/files/atomic_write.ts";
export { noDigest, ownDigest } from "./formats/files/file_digest.ts";
export { NotRegularError, openRegularFileSync, readRegularFile } from "./formats/files/regular_file.ts";
export { syncFolder } from "./formats/files/sync_folder.ts";
export { parseBoundedJson } from "./formats/json/bounded_json.ts";
export { encodeSafetensors } from "./formats/safetensors/encode_safetensors.ts";
export type { EncodeOptions } from "./formats/safetensors/encode_safetensors.ts";
export { decodeSafetensors } from "./formats/safetensors/safetensors.ts";
export type { NamedTensor, OtherTensor, SafetensorsContent } from "./formats/safetensors/safetensors.ts";
export { checkFiniteWeights } from "./model/finite.ts";
export { evaluateBy, inferenceChunk, predictBy } from "./model/inference.ts";
export type { Forward } from "./model/inference.ts";
export { checkedClassNames, checkSameClassNames } from "./network/class_names.ts";
export { createImageStore } from "./network/data/create_image_store.ts";
export type { ImageStoreOptions } from "./network/data/create_image_store.ts";
export type { ImageStore } from "./network/data/image_store.ts";
export { measurePictureFit } from "./network/data/measure_picture_fit.ts";
export { isSameNormalization, normalizationText, standardNormalization } from "./network/data/normalization.ts";
export { selectImages } from "./network/data/select_images.ts";
export { readOptions } from "./network/options/kind.ts";
export type { OptionReader } from "./network/options/kind.ts";
export type { GivenOptions, Option, OptionTable, OptionValues } from "./network/options/option.ts";
export {
  byDefault,
  flag,
  namesOf,
  oneOf,
  optional,
  otherwise,
  positive,
  tested,
  whole,
} from "./network/options/values.ts";
export { optimizers, restoreOptimizer, stateCount } from "./network/optimizers/optimizers.ts";
export { escapeControls, printable, printableLine, shown } from "./network/printable.ts";
export { permutation } from "./network/random/permutation.ts";
export { mix, randomUint32 } from "./network/random/random_uint32.ts";
export { selection } from "./network/random/selection.ts";
export type { Selection } from "./network/random/selection.ts";
