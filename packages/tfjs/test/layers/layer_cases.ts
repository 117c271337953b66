import { constraints, layers, regularizers } from "@tensorflow/tfjs-layers";

type Layer = ReturnType<typeof layers.dense>;

/** A layer of tfjs-layers with an input that it takes. */
export interface LayerCase {
  readonly name: string;
  readonly make: () => Layer;
  /** Without the batch. */
  readonly inputShape: readonly number[];
  /** Integers below this number instead of floats, for an embedding. */
  readonly ids?: number;
  /** Draws random numbers that no seed fixes: only its inference can be compared. */
  readonly random?: true;
  /** Why tfjs-core has no gradient with respect to the input, on any backend. */
  readonly noInputGradient?: string;
  /** Why no model that begins with it can be trained, on any backend. */
  readonly noFit?: string;
  /** What tfjs says when it is trained, on any backend. */
  readonly refused?: RegExp;
  /** tfjs's backend 'cpu' has a wrong gradient or none: only difference quotients tell. */
  readonly notOnCpu?: true;
}

const image = [6, 7, 3];
const volume = [4, 5, 4, 2];
const sequence = [5, 4];
const filters = 4;
const kernelSize = 3;
const same = "same" as const;

function layer(
  name: string,
  make: () => unknown,
  inputShape: readonly number[],
  more: Partial<LayerCase> = {},
): LayerCase {
  // tfjs-layers types its layers by class; all of them are layers.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { name, make: make as () => Layer, inputShape, ...more };
}

const convolutions: readonly LayerCase[] = [
  layer("conv1d", () => layers.conv1d({ filters, kernelSize }), [8, 3]),
  layer("conv2d valid", () => layers.conv2d({ filters, kernelSize }), image),
  layer("conv2d valid, relu", () => layers.conv2d({ filters, kernelSize, activation: "relu" }), image),
  layer("conv2d same", () => layers.conv2d({ filters, kernelSize, padding: same }), image),
  layer("conv2d strided", () => layers.conv2d({ filters, kernelSize, strides: 2, padding: same }), image),
  layer(
    "conv2d stride beyond its window",
    () => layers.conv2d({ filters, kernelSize: [1, 4], strides: [3, 1], padding: same }),
    image,
  ),
  layer("conv2d 1×1", () => layers.conv2d({ filters, kernelSize: 1 }), image),
  layer("conv2d dilated", () => layers.conv2d({ filters, kernelSize, dilationRate: 2 }), image, { notOnCpu: true }),
  layer(
    "conv2d dilated, tanh",
    () => layers.conv2d({ filters, kernelSize, dilationRate: 2, padding: same, activation: "tanh" }),
    image,
    { notOnCpu: true },
  ),
  layer("conv2d frozen", () => layers.conv2d({ filters, kernelSize, trainable: false }), image),
  layer("conv2dTranspose", () => layers.conv2dTranspose({ filters, kernelSize, strides: 2, padding: same }), image),
  layer("separableConv2d", () => layers.separableConv2d({ filters, kernelSize, depthMultiplier: 2 }), image),
  layer("depthwiseConv2d", () => layers.depthwiseConv2d({ kernelSize, depthMultiplier: 2 }), image),
  layer("depthwiseConv2d strided", () => layers.depthwiseConv2d({ kernelSize, strides: 2, padding: same }), image),
  layer("convLstm2d", () => layers.convLstm2d({ filters: 2, kernelSize: 2 }), [3, 5, 5, 2]),
  layer("conv3d", () => layers.conv3d({ filters, kernelSize: 2, strides: [1, 2, 1] }), volume),
  layer("conv3d same", () => layers.conv3d({ filters, kernelSize, padding: same }), volume),
  layer("conv3dTranspose", () => layers.conv3dTranspose({ filters, kernelSize: 2, strides: 2 }), volume, {
    notOnCpu: true,
  }),
];

const pools: readonly LayerCase[] = [
  layer("maxPooling1d", () => layers.maxPooling1d({ poolSize: 2 }), [8, 3]),
  layer("maxPooling2d", () => layers.maxPooling2d({ poolSize: 2 }), image),
  layer("maxPooling2d same, overlapping", () => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: same }), image),
  layer("maxPooling3d", () => layers.maxPooling3d({ poolSize: [2, 2, 2] }), volume),
  layer("averagePooling1d", () => layers.averagePooling1d({ poolSize: 2 }), [8, 3]),
  layer("averagePooling2d", () => layers.averagePooling2d({ poolSize: 2 }), image),
  layer("averagePooling2d same", () => layers.averagePooling2d({ poolSize: 3, strides: 2, padding: same }), image, {
    notOnCpu: true,
  }),
  layer("averagePooling3d", () => layers.averagePooling3d({ poolSize: [2, 2, 2] }), volume),
  layer(
    "averagePooling3d same",
    () => layers.averagePooling3d({ poolSize: [3, 2, 3], strides: [2, 2, 1], padding: same }),
    volume,
    { notOnCpu: true },
  ),
  layer("globalAveragePooling1d", () => layers.globalAveragePooling1d({}), sequence),
  layer("globalAveragePooling2d", () => layers.globalAveragePooling2d({}), image),
  layer("globalMaxPooling1d", () => layers.globalMaxPooling1d({}), sequence),
  layer("globalMaxPooling2d", () => layers.globalMaxPooling2d({}), image),
];

const normalizations: readonly LayerCase[] = [
  layer("batchNormalization of rows", () => layers.batchNormalization({}), [5]),
  layer("batchNormalization of images", () => layers.batchNormalization({}), image),
  // tfjs-layers reads the scale that is not there.
  layer("batchNormalization without scale", () => layers.batchNormalization({ scale: false }), image, {
    refused: /reading 'read'/,
  }),
  layer("layerNormalization", () => layers.layerNormalization({}), sequence),
  layer("dropout", () => layers.dropout({ rate: 0.4, seed: 3 }), [20]),
  layer("dropout with a noise shape", () => layers.dropout({ rate: 0.4, seed: 3, noiseShape: [3, 1, 4] }), sequence),
  layer("spatialDropout1d", () => layers.spatialDropout1d({ rate: 0.4, seed: 3 }), sequence),
  layer("gaussianNoise", () => layers.gaussianNoise({ stddev: 0.5 }), sequence, { random: true }),
  layer("gaussianDropout", () => layers.gaussianDropout({ rate: 0.3 }), sequence, { random: true }),
  layer("alphaDropout", () => layers.alphaDropout({ rate: 0.3 }), sequence, { random: true }),
];

const products: readonly LayerCase[] = [
  layer("dense", () => layers.dense({ units: 4 }), [5]),
  layer("dense of rows of rows", () => layers.dense({ units: 4 }), sequence),
  layer("dense of more than 48 inputs", () => layers.dense({ units: 4, activation: "relu" }), [60]),
  layer(
    "dense, regularized",
    () => layers.dense({ units: 4, kernelRegularizer: regularizers.l1l2({ l1: 0.01, l2: 0.02 }) }),
    [5],
  ),
  layer(
    "dense, constrained",
    () => layers.dense({ units: 4, kernelConstraint: constraints.maxNorm({ maxValue: 3 }) }),
    [5],
  ),
  layer("dense without bias", () => layers.dense({ units: 4, useBias: false }), [5]),
  layer("embedding", () => layers.embedding({ inputDim: 7, outputDim: 3 }), [5], {
    ids: 7,
    noInputGradient: "ids are integers",
  }),
];

const shapes: readonly LayerCase[] = [
  layer("upSampling2d nearest", () => layers.upSampling2d({ size: [2, 3] }), image, { notOnCpu: true }),
  layer("upSampling2d bilinear", () => layers.upSampling2d({ size: [2, 2], interpolation: "bilinear" }), image, {
    notOnCpu: true,
  }),
  layer(
    "zeroPadding2d",
    () =>
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
    image,
  ),
  layer(
    "cropping2d",
    () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    image,
  ),
  layer("centerCrop", () => layers.centerCrop({ height: 4, width: 4 }), image, {
    noInputGradient: "tfjs-core has no gradient of CropAndResize",
    noFit: "it writes its output's shape over its model's input shape",
  }),
  layer("resizing", () => layers.resizing({ height: 4, width: 5 }), image, {
    noFit: "it takes a list of inputs for one",
    notOnCpu: true,
  }),
  layer("rescaling", () => layers.rescaling({ scale: 0.5, offset: 1 }), image),
  layer("flatten", () => layers.flatten(), image),
  layer("reshape", () => layers.reshape({ targetShape: [4, 5] }), sequence),
  layer("permute", () => layers.permute({ dims: [2, 1] }), sequence),
  layer("repeatVector", () => layers.repeatVector({ n: 3 }), [5]),
  layer("masking", () => layers.masking({ maskValue: 0 }), sequence, {
    noInputGradient: "tfjs-core has no gradient of Any",
  }),
];

const recurrent: readonly LayerCase[] = [
  layer("timeDistributed dense", () => layers.timeDistributed({ layer: layers.dense({ units: 3 }) }), sequence),
  layer("simpleRNN", () => layers.simpleRNN({ units: 3 }), sequence),
  layer("lstm", () => layers.lstm({ units: 3 }), sequence),
  layer("lstm that gives its sequence", () => layers.lstm({ units: 3, returnSequences: true }), sequence),
  layer("gru", () => layers.gru({ units: 3 }), sequence),
  layer(
    "bidirectional lstm",
    () => layers.bidirectional({ layer: layers.lstm({ units: 3 }), mergeMode: "concat" }),
    sequence,
  ),
];

const activationLayers: readonly LayerCase[] = [
  layer("reLU", () => layers.reLU(), sequence),
  layer("reLU with a maximum", () => layers.reLU({ maxValue: 0.5 }), sequence),
  layer("leakyReLU", () => layers.leakyReLU({ alpha: 0.2 }), sequence),
  layer("prelu", () => layers.prelu({ alphaInitializer: "glorotUniform" }), sequence),
  layer("elu", () => layers.elu(), sequence),
  layer("softmax", () => layers.softmax(), [6]),
  layer("thresholdedReLU", () => layers.thresholdedReLU({ theta: 0.3 }), sequence, {
    noInputGradient: "tfjs-core has no gradient of Greater",
  }),
];

const activations = (
  [
    "elu",
    "hardSigmoid",
    "linear",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
    "swish",
    "mish",
    "gelu",
    "gelu_new",
  ] as const
).map((activation) => layer(`activation ${activation}`, () => layers.activation({ activation }), sequence));

/** Every layer of tfjs-layers that has a gradient, in its kinds. */
export const layerCases: readonly LayerCase[] = [
  ...convolutions,
  ...pools,
  ...normalizations,
  ...products,
  ...shapes,
  ...recurrent,
  ...activationLayers,
  ...activations,
];
