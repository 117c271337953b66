// All of the package but `register`, whose kernels for tfjs take as long to load as the rest: what programs import that
// train with the planned step.
export { instantiateSharedKernels } from "./engine/backend/shared_kernels.ts";
export type { SharedKernels } from "./engine/backend/shared_kernels.ts";
export type { WasmMemory } from "./engine/backend/wasm_memory.ts";
export { checkEngine } from "./engine/backend/check_engine.ts";
export { engineFeatures } from "./engine/backend/engine_features.ts";
export type { EngineFeatures } from "./engine/backend/engine_features.ts";
export { atomicWrite } from "./formats/files/atomic_write.ts";
export { parseBoundedJson } from "./formats/json/bounded_json.ts";
export { noDigest, ownDigest } from "./formats/files/file_digest.ts";
export { loadWeights } from "./formats/model/load_weights.ts";
export type { LoadedWeights, LoadWeightsOptions } from "./formats/model/load_weights.ts";
export type { OtherShape } from "./formats/model/match_tensors.ts";
export { readMetadata, saveModel } from "./formats/model/model_file.ts";
export { NotRegularError, openRegularFileSync, readRegularFile } from "./formats/files/regular_file.ts";
export { syncFolder } from "./formats/files/sync_folder.ts";
export { escapeControls, printable, printableLine, shown } from "./network/printable.ts";
export { checkCheckpoint } from "./formats/checkpoint/check_checkpoint.ts";
export type { BestWeights, Checkpoint, EpochSums } from "./formats/checkpoint/checkpoint.ts";
export {
  listCheckpoints,
  newestCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from "./formats/checkpoint/checkpoint_folder.ts";
export type {
  FoundCheckpoint,
  NewestCheckpoint,
  WriteCheckpointOptions,
} from "./formats/checkpoint/checkpoint_folder.ts";
export { checkpointStep } from "./formats/checkpoint/checkpoint_name.ts";
export { decodeCheckpoint } from "./formats/checkpoint/decode_checkpoint.ts";
export { encodeCheckpoint } from "./formats/checkpoint/encode_checkpoint.ts";
export { encodeSafetensors } from "./formats/safetensors/encode_safetensors.ts";
export type { EncodeOptions } from "./formats/safetensors/encode_safetensors.ts";
export { decodeSafetensors } from "./formats/safetensors/safetensors.ts";
export type { NamedTensor, OtherTensor, SafetensorsContent } from "./formats/safetensors/safetensors.ts";
export { settingsSha256 } from "./formats/checkpoint/settings_sha256.ts";
export type { Settings } from "./formats/checkpoint/settings_sha256.ts";
export { createImageStore } from "./network/data/create_image_store.ts";
export type { ImageStoreOptions } from "./network/data/create_image_store.ts";
export { selectImages } from "./network/data/select_images.ts";
export type { ImageData, ImageStore } from "./network/data/image_store.ts";
export { measurePictureFit } from "./network/data/measure_picture_fit.ts";
export { isSameNormalization, normalizationText, standardNormalization } from "./network/data/normalization.ts";
export type { Normalization } from "./network/data/normalization.ts";
export type { PictureFit } from "./network/data/picture_fit.ts";
export type { KernelVariant } from "./engine/emit/module/linker.ts";
export { productRate } from "./engine/emit/product_rate.ts";
export { CoreError } from "./errors.ts";
export type { Initializer } from "./network/initializers/initializer.ts";
export { averagePool2d } from "./network/layers/average_pool2d.ts";
export { buildLayers } from "./network/layers/build.ts";
export { conv2d } from "./network/layers/conv2d.ts";
export type { Conv2dOptions } from "./network/layers/conv2d.ts";
export { dense } from "./network/layers/dense.ts";
export type { DenseOptions } from "./network/layers/dense.ts";
export { dropout } from "./network/layers/dropout.ts";
export type { DropoutOptions } from "./network/layers/dropout.ts";
export { flatten } from "./network/layers/flatten.ts";
export type {
  Activation,
  BuiltLayer,
  Conv2dLayer,
  DenseLayer,
  DropoutLayer,
  FlattenLayer,
  ImageShape,
  Layer,
  Padding,
  Pair,
  ParameterSpec,
  Pool2dLayer,
  ReluLayer,
  Shape,
} from "./network/layers/layer.ts";
export { maxPool2d } from "./network/layers/max_pool2d.ts";
export type { Pool2dOptions } from "./network/layers/pool2d.ts";
export { relu } from "./network/layers/relu.ts";
export { windowGeometry } from "./network/layers/window.ts";
export type { WindowGeometry } from "./network/layers/window.ts";
export { score } from "./network/metrics/score.ts";
export type { Score } from "./network/metrics/score.ts";
export { softmax } from "./network/metrics/softmax.ts";
export { fast } from "./model/networks/fast.ts";
export { lenet5 } from "./model/networks/lenet5.ts";
export { mnistConvnet } from "./model/networks/mnist_convnet.ts";
export type { NetworkFactory, NetworkOptions } from "./model/networks/network_factory.ts";
export { networks } from "./model/networks/networks.ts";
export { seedCnn } from "./model/networks/seed_cnn.ts";
export { loadModel } from "./model/load_model.ts";
export { Sequential } from "./model/sequential.ts";
export { checkedClassNames, checkSameClassNames } from "./network/class_names.ts";
export { checkFiniteWeights } from "./model/finite.ts";
export { evaluateBy, inferenceChunk, predictBy } from "./model/inference.ts";
export type { Evaluation, Forward, PredictOptions } from "./model/inference.ts";
export type { Meaning } from "./network/meaning.ts";
export type { SequentialConfig, SequentialOptions } from "./network/sequential_config.ts";
export { weightsSha256 } from "./formats/model/weights_sha256.ts";
export { adam } from "./network/optimizers/adam.ts";
export type { AdamOptions } from "./network/optimizers/adam.ts";
export { applyOptimizer } from "./engine/optimizers/apply.ts";
export type { OptimizerSlice } from "./engine/optimizers/apply.ts";
export { stateCount } from "./network/optimizers/optimizer.ts";
export type { AdamOptimizer, Optimizer, SgdOptimizer } from "./network/optimizers/optimizer.ts";
export { restoreOptimizer } from "./network/optimizers/restore.ts";
export { sgd } from "./network/optimizers/sgd.ts";
export type { SgdOptions } from "./network/optimizers/sgd.ts";
export { mix } from "./network/random/mix.ts";
export { permutation } from "./network/random/permutation.ts";
export { PURPOSE } from "./network/random/purpose.ts";
export { randomUint32 } from "./network/random/random_uint32.ts";
export { selection } from "./network/random/selection.ts";
export type { Selection } from "./network/random/selection.ts";
export { createReplica } from "./engine/step/create_replica.ts";
export type { PlannedSpec } from "./engine/step/planned_spec.ts";
export { planBytes } from "./engine/step/plan_bytes.ts";
export { describePlan } from "./engine/step/plan/describe_plan.ts";
export { planCostsVersion } from "./engine/step/plan/plan_costs.ts";
export type { PlanAlgorithm, PlanPhase, PlanRow } from "./engine/step/plan/plan_row.ts";
export type { MinibatchPart, Replica } from "./engine/step/replica.ts";
export type { OperationPart, OperationRecorder } from "./engine/step/operations/timed_operation.ts";
export { kernelFingerprint } from "./engine/verify/kernel_fingerprint.ts";
export { networkStructure } from "./engine/verify/network_structure.ts";
