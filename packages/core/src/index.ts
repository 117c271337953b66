// What programs import that describe, predict, save and load networks.
export type { KernelVariant } from "./engine/emit/module/linker.ts";
export { describePlan } from "./engine/step/plan/describe_plan.ts";
export type { PlanAlgorithm, PlanPhase, PlanRow } from "./engine/step/plan/plan_row.ts";
export { CoreError } from "./errors.ts";
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
export type { Settings } from "./formats/checkpoint/settings_sha256.ts";
export { loadWeights } from "./formats/model/load_weights.ts";
export type { LoadedWeights, LoadWeightsOptions } from "./formats/model/load_weights.ts";
export type { OtherShape } from "./formats/model/match_tensors.ts";
export { readMetadata, saveModel } from "./formats/model/model_file.ts";
export { weightsSha256 } from "./formats/model/weights_sha256.ts";
export type { Evaluation, PredictOptions } from "./model/inference.ts";
export { loadModel } from "./model/load_model.ts";
export { fast } from "./model/networks/fast.ts";
export { lenet5 } from "./model/networks/lenet5.ts";
export { mnistConvnet } from "./model/networks/mnist_convnet.ts";
export type { NetworkFactory, NetworkOptions } from "./model/networks/network_factory.ts";
export { networks } from "./model/networks/networks.ts";
export { seedCnn } from "./model/networks/seed_cnn.ts";
export { Sequential } from "./model/sequential.ts";
export type { ImageData } from "./network/data/image_store.ts";
export type { Normalization } from "./network/data/normalization.ts";
export type { PictureFit } from "./network/data/picture_fit.ts";
export type { Initializer } from "./network/initializers/initializers.ts";
export { relu6 } from "./network/activations/relu6.ts";
export { averagePool2d } from "./network/layers/average_pool2d.ts";
export { conv2d } from "./network/layers/conv2d.ts";
export type { Conv2dOptions } from "./network/layers/conv2d.ts";
export { dense } from "./network/layers/dense.ts";
export type { DenseOptions } from "./network/layers/dense.ts";
export { dropout } from "./network/layers/dropout.ts";
export type { DropoutOptions } from "./network/layers/dropout.ts";
export { flatten } from "./network/layers/flatten.ts";
export type { Activation } from "./network/activations/activations.ts";
export type { BuiltLayer, ParameterSpec } from "./network/layers/built_layer.ts";
export type { Conv2dLayer } from "./network/layers/conv2d.ts";
export type { DenseLayer } from "./network/layers/dense.ts";
export type { DropoutLayer } from "./network/layers/dropout.ts";
export type { FlattenLayer } from "./network/layers/flatten.ts";
export type { ImageShape, Shape } from "./network/layers/shape.ts";
export type { Layer } from "./network/layers/layers.ts";
export type { Padding } from "./network/layers/window.ts";
export type { Pair } from "./network/options/values.ts";
export type { Pool2dLayer } from "./network/layers/pooling.ts";
export type { ReluLayer } from "./network/activations/relu.ts";
export { maxPool2d } from "./network/layers/max_pool2d.ts";
export type { Pool2dOptions } from "./network/layers/pooling.ts";
export { relu } from "./network/activations/relu.ts";
export type { Meaning } from "./network/meaning.ts";
export { adam } from "./network/optimizers/adam.ts";
export type { AdamOptimizer, AdamOptions } from "./network/optimizers/adam.ts";
export type { Optimizer } from "./network/optimizers/optimizers.ts";
export { sgd } from "./network/optimizers/sgd.ts";
export type { SgdOptimizer, SgdOptions } from "./network/optimizers/sgd.ts";
export type { SequentialConfig, SequentialOptions } from "./network/sequential_config.ts";
