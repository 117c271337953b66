// All of the package but `register`, whose kernels for tfjs take as long to load as the rest: what programs import that
// train with the planned step.
export { instantiateSharedKernels } from "./backend/shared_kernels.ts";
export type { SharedKernels } from "./backend/shared_kernels.ts";
export type { WasmMemory } from "./backend/wasm_memory.ts";
export { checkEngine } from "./backend/check_engine.ts";
export { engineFeatures } from "./backend/engine_features.ts";
export type { EngineFeatures } from "./backend/engine_features.ts";
export { atomicWrite } from "./checkpoint/atomic_write.ts";
export { parseBoundedJson } from "./checkpoint/bounded_json.ts";
export { noDigest, ownDigest } from "./checkpoint/file_digest.ts";
export { loadWeights } from "./checkpoint/load_weights.ts";
export type { LoadedWeights, LoadWeightsOptions } from "./checkpoint/load_weights.ts";
export type { OtherShape } from "./checkpoint/match_tensors.ts";
export { readMetadata, saveModel } from "./checkpoint/model_file.ts";
export { NotRegularError, openRegularFileSync, readRegularFile } from "./checkpoint/regular_file.ts";
export { syncFolder } from "./checkpoint/sync_folder.ts";
export { escapeControls, printable, printableLine, shown } from "./checkpoint/printable.ts";
export { checkCheckpoint } from "./checkpoint/check_checkpoint.ts";
export type { BestWeights, Checkpoint, EpochSums } from "./checkpoint/checkpoint.ts";
export { listCheckpoints, newestCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint_folder.ts";
export type { FoundCheckpoint, NewestCheckpoint, WriteCheckpointOptions } from "./checkpoint/checkpoint_folder.ts";
export { checkpointStep } from "./checkpoint/checkpoint_name.ts";
export { decodeCheckpoint } from "./checkpoint/decode_checkpoint.ts";
export { encodeCheckpoint } from "./checkpoint/encode_checkpoint.ts";
export { encodeSafetensors } from "./checkpoint/encode_safetensors.ts";
export type { EncodeOptions } from "./checkpoint/encode_safetensors.ts";
export { decodeSafetensors } from "./checkpoint/safetensors.ts";
export type { NamedTensor, OtherTensor, SafetensorsContent } from "./checkpoint/safetensors.ts";
export { settingsSha256 } from "./checkpoint/settings_sha256.ts";
export type { Settings } from "./checkpoint/settings_sha256.ts";
export { createImageStore } from "./data/create_image_store.ts";
export type { ImageStoreOptions } from "./data/create_image_store.ts";
export { selectImages } from "./data/select_images.ts";
export type { ImageData, ImageStore } from "./data/image_store.ts";
export { measurePictureFit } from "./data/measure_picture_fit.ts";
export { isSameNormalization, normalizationText, standardNormalization } from "./data/normalization.ts";
export type { Normalization } from "./data/normalization.ts";
export type { PictureFit } from "./data/picture_fit.ts";
export type { KernelVariant } from "./emit/module/linker.ts";
export { productRate } from "./emit/product_rate.ts";
export { CoreError } from "./errors.ts";
export type { Initializer } from "./initializers/initializer.ts";
export { averagePool2d } from "./layers/average_pool2d.ts";
export { buildLayers } from "./layers/build.ts";
export { conv2d } from "./layers/conv2d.ts";
export type { Conv2dOptions } from "./layers/conv2d.ts";
export { dense } from "./layers/dense.ts";
export type { DenseOptions } from "./layers/dense.ts";
export { dropout } from "./layers/dropout.ts";
export type { DropoutOptions } from "./layers/dropout.ts";
export { flatten } from "./layers/flatten.ts";
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
} from "./layers/layer.ts";
export { maxPool2d } from "./layers/max_pool2d.ts";
export type { Pool2dOptions } from "./layers/pool2d.ts";
export { relu } from "./layers/relu.ts";
export { windowGeometry } from "./layers/window.ts";
export type { WindowGeometry } from "./layers/window.ts";
export { score } from "./metrics/score.ts";
export type { Score } from "./metrics/score.ts";
export { softmax } from "./metrics/softmax.ts";
export { fast } from "./model/networks/fast.ts";
export { lenet5 } from "./model/networks/lenet5.ts";
export { mnistConvnet } from "./model/networks/mnist_convnet.ts";
export type { NetworkFactory, NetworkOptions } from "./model/networks/network_factory.ts";
export { networks } from "./model/networks/networks.ts";
export { seedCnn } from "./model/networks/seed_cnn.ts";
export { loadModel } from "./model/load_model.ts";
export { Sequential } from "./model/sequential.ts";
export { checkedClassNames, checkSameClassNames } from "./model/class_names.ts";
export { checkFiniteWeights } from "./model/finite.ts";
export { evaluateBy, inferenceChunk, predictBy } from "./model/inference.ts";
export type { Evaluation, Forward, PredictOptions } from "./model/inference.ts";
export type { Meaning } from "./model/meaning.ts";
export type { SequentialConfig, SequentialOptions } from "./model/sequential_config.ts";
export { weightsSha256 } from "./model/weights_sha256.ts";
export { adam } from "./optimizers/adam.ts";
export type { AdamOptions } from "./optimizers/adam.ts";
export { applyOptimizer } from "./optimizers/apply.ts";
export type { OptimizerSlice } from "./optimizers/apply.ts";
export { stateCount } from "./optimizers/optimizer.ts";
export type { AdamOptimizer, Optimizer, SgdOptimizer } from "./optimizers/optimizer.ts";
export { restoreOptimizer } from "./optimizers/restore.ts";
export { sgd } from "./optimizers/sgd.ts";
export type { SgdOptions } from "./optimizers/sgd.ts";
export { mix } from "./random/mix.ts";
export { permutation } from "./random/permutation.ts";
export { PURPOSE } from "./random/purpose.ts";
export { randomUint32 } from "./random/random_uint32.ts";
export { selection } from "./random/selection.ts";
export type { Selection } from "./random/selection.ts";
export { createReplica } from "./create_replica.ts";
export type { ReplicaSpec } from "./create_replica.ts";
export { planBytes } from "./step/plan_bytes.ts";
export { describePlan } from "./step/plan/describe_plan.ts";
export { planCostsVersion } from "./step/plan/plan_costs.ts";
export type { PlanAlgorithm, PlanPhase, PlanRow } from "./step/plan/plan_row.ts";
export type { MinibatchPart, Replica } from "./step/replica.ts";
export type { OperationPart, OperationRecorder } from "./step/operations/timed_operation.ts";
export { kernelFingerprint } from "./verify/kernel_fingerprint.ts";
export { networkStructure } from "./verify/network_structure.ts";
