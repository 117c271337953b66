import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import test from "ava";
import { tfjsGradients } from "../../../generated/tfjs_gradients.js";
import { tensorflow } from "../../../test/tensorflow.ts";
import { mendedGradients } from "../mended_gradients.ts";

const tf = await tensorflow();

type Shape = number[];
/** An operation on tensors whose sizes grow with n. */
type Case = (n: number) => readonly [run: (...x: Tensor[]) => Tensor | Tensor[], ...shapes: Shape[]];

const onMatrix =
  (run: (x: Tensor2D) => Tensor): Case =>
  (n) => [(x) => run(x as Tensor2D), [n, 2 * n]];
const onRows =
  (run: (a: Tensor, b: Tensor) => Tensor): Case =>
  (n) => [run, [n, 2 * n], [2 * n]];
/** For gradients that refuse to be broadcast. */
const onPairs =
  (run: (a: Tensor, b: Tensor) => Tensor): Case =>
  (n) => [run, [n, 2 * n], [n, 2 * n]];
const onImages =
  (run: (x: Tensor4D) => Tensor): Case =>
  (n) => [(x) => run(x as Tensor4D), [n, 2 * n, 2 * n, n]];
const onVolumes =
  (run: (x: Tensor5D) => Tensor): Case =>
  (n) => [(x) => run(x as Tensor5D), [n, 2 * n, 2 * n, 2 * n, n]];
const filtered =
  (run: (x: Tensor4D, filter: Tensor4D) => Tensor): Case =>
  (n) => [(x, filter) => run(x as Tensor4D, filter as Tensor4D), [n, 2 * n, 2 * n, n], [3, 3, n, n]];
const wholeNumbers = (shape: Shape): Tensor => tf.zeros(shape, "int32");

const cases: Readonly<Record<string, Case>> = {
  Abs: onMatrix((x) => tf.abs(x)),
  Acos: onMatrix((x) => tf.acos(x)),
  Acosh: onMatrix((x) => tf.acosh(x)),
  Add: onRows((a, b) => tf.add(a, b)),
  AddN: (n) => [(a, b) => tf.addN([a, b]), [n, n], [n, n]],
  Asin: onMatrix((x) => tf.asin(x)),
  Asinh: onMatrix((x) => tf.asinh(x)),
  Atan: onMatrix((x) => tf.atan(x)),
  Atan2: onRows((a, b) => tf.atan2(a, b)),
  Atanh: onMatrix((x) => tf.atanh(x)),
  AvgPool: onImages((x) => tf.avgPool(x, 2, 2, "same")),
  AvgPool3D: onVolumes((x) => tf.avgPool3d(x, 2, 2, "same")),
  BatchMatMul: (n) => [(a, b) => tf.matMul(a, b), [n, n, 2 * n], [n, 2 * n, n]],
  BatchToSpaceND: (n) => [(x) => tf.batchToSpaceND(x as Tensor3D, [n], [[0, 0]]), [n, n, n]],
  Cast: onMatrix((x) => tf.cast(x, "float32")),
  Ceil: onMatrix((x) => tf.ceil(x)),
  ClipByValue: onMatrix((x) => tf.clipByValue(x, 0.2, 0.6)),
  Concat: (n) => [(a, b) => tf.concat([a, b], 1), [n, n], [n, 2 * n]],
  Conv2D: filtered((x, filter) => tf.conv2d(x, filter, 1, "same")),
  Conv2DBackpropInput: (n) => [
    (x, filter) => tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, [n, 2 * n, 2 * n, n], 2, "same"),
    [n, n, n, n],
    [3, 3, n, n],
  ],
  Conv3D: (n) => [
    (x, filter) => tf.conv3d(x as Tensor5D, filter as Tensor5D, 1, "same"),
    [n, n, n, n, n],
    [2, 2, 2, n, n],
  ],
  Conv3DBackpropInputV2: (n) => [
    (x, filter) => tf.conv3dTranspose(x as Tensor5D, filter as Tensor5D, [n, 2 * n, 2 * n, 2 * n, n], 2, "same"),
    [n, n, n, n, n],
    [2, 2, 2, n, n],
  ],
  Cos: onMatrix((x) => tf.cos(x)),
  Cosh: onMatrix((x) => tf.cosh(x)),
  Cumsum: onMatrix((x) => tf.cumsum(x, 0)),
  DepthwiseConv2dNative: (n) => [
    (x, filter) => tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, 1, "same"),
    [n, 2 * n, 2 * n, n],
    [3, 3, n, 1],
  ],
  Dilation2D: (n) => [
    (x, filter) => tf.dilation2d(x as Tensor4D, filter as Tensor3D, 1, "same"),
    [n, 2 * n, 2 * n, n],
    [2, 2, n],
  ],
  Einsum: (n) => [(a, b) => tf.einsum("ij,jk->ik", a, b), [n, 2 * n], [2 * n, n]],
  Elu: onMatrix((x) => tf.elu(x)),
  Erf: onMatrix((x) => tf.erf(x)),
  Exp: onMatrix((x) => tf.exp(x)),
  ExpandDims: onMatrix((x) => tf.expandDims(x, 1)),
  Expm1: onMatrix((x) => tf.expm1(x)),
  Floor: onMatrix((x) => tf.floor(x)),
  FusedBatchNorm: (n) => [
    (x, mean, variance, offset, scale) =>
      tf.batchNorm4d(x as Tensor4D, mean as Tensor1D, variance as Tensor1D, offset as Tensor1D, scale as Tensor1D),
    [n, 2 * n, 2 * n, n],
    [n],
    [n],
    [n],
    [n],
  ],
  FusedConv2D: filtered((x, filter) => tf.fused.conv2d({ x, filter, strides: 1, pad: "same", activation: "relu" })),
  FusedDepthwiseConv2D: (n) => [
    (x, filter) => tf.fused.depthwiseConv2d({ x: x as Tensor4D, filter: filter as Tensor4D, strides: 1, pad: "same" }),
    [n, 2 * n, 2 * n, n],
    [3, 3, n, 1],
  ],
  GatherV2: (n) => [(x) => tf.gather(x, wholeNumbers([n, 2 * n]), 1, 1), [n, n, n]],
  Identity: onMatrix((x) => tf.clone(x)),
  LRN: onImages((x) => tf.localResponseNormalization(x)),
  LeakyRelu: onMatrix((x) => tf.leakyRelu(x)),
  Log: onMatrix((x) => tf.log(x)),
  Log1p: onMatrix((x) => tf.log1p(x)),
  Max: onMatrix((x) => tf.max(x, 0)),
  MaxPool: onImages((x) => tf.maxPool(x, 2, 2, "same")),
  MaxPool3D: onVolumes((x) => tf.maxPool3d(x, 2, 2, "same")),
  Maximum: onPairs((a, b) => tf.maximum(a, b)),
  Mean: onMatrix((x) => tf.mean(x, 0)),
  Min: onMatrix((x) => tf.min(x, 0)),
  Minimum: onPairs((a, b) => tf.minimum(a, b)),
  MirrorPad: (n) => [(x) => tf.mirrorPad(x, [[n - 1, n - 1]], "reflect"), [n]],
  Mod: onRows((a, b) => tf.mod(a, b)),
  Multiply: onRows((a, b) => tf.mul(a, b)),
  Neg: onMatrix((x) => tf.neg(x)),
  Pack: (n) => [(a, b) => tf.stack([a, b]), [n, n], [n, n]],
  PadV2: (n) => [(x) => tf.pad(x, [[n, n]]), [n]],
  Pow: onRows((a, b) => tf.pow(a, b)),
  Prelu: onRows((a, b) => tf.prelu(a, b)),
  Prod: onMatrix((x) => tf.prod(x, 1)),
  RealDiv: onRows((a, b) => tf.div(a, b)),
  Reciprocal: onMatrix((x) => tf.reciprocal(x)),
  Relu: onMatrix((x) => tf.relu(x)),
  Relu6: onMatrix((x) => tf.relu6(x)),
  Reshape: onMatrix((x) => tf.reshape(x, [-1])),
  ResizeBilinear: (n) => [(x) => tf.image.resizeBilinear(x as Tensor4D, [3 * n, 3 * n]), [n, 2 * n, 2 * n, n]],
  ResizeNearestNeighbor: (n) => [
    (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [3 * n, 3 * n]),
    [n, 2 * n, 2 * n, n],
  ],
  Reverse: onMatrix((x) => tf.reverse(x)),
  Round: onMatrix((x) => tf.round(x)),
  Rsqrt: onMatrix((x) => tf.rsqrt(x)),
  Select: (n) => [(a, b) => tf.where(tf.zeros([n, n], "bool"), a, b), [n, n], [n, n]],
  Selu: onMatrix((x) => tf.selu(x)),
  Sigmoid: onMatrix((x) => tf.sigmoid(x)),
  Sign: onMatrix((x) => tf.sign(x)),
  Sin: onMatrix((x) => tf.sin(x)),
  Sinh: onMatrix((x) => tf.sinh(x)),
  Slice: onMatrix((x) => tf.slice(x, [1, 1])),
  Softmax: onMatrix((x) => tf.softmax(x)),
  Softplus: onMatrix((x) => tf.softplus(x)),
  SpaceToBatchND: (n) => [(x) => tf.spaceToBatchND(x, [n], [[0, 0]]), [n, n, n]],
  SplitV: (n) => [(x) => tf.split(x, 2, 1), [n, 2 * n]],
  Sqrt: onMatrix((x) => tf.sqrt(x)),
  Square: onMatrix((x) => tf.square(x)),
  SquaredDifference: onPairs((a, b) => tf.squaredDifference(a, b)),
  Step: onMatrix((x) => tf.step(x)),
  Sub: onRows((a, b) => tf.sub(a, b)),
  Sum: onMatrix((x) => tf.sum(x, 0)),
  Tan: onMatrix((x) => tf.tan(x)),
  Tanh: onMatrix((x) => tf.tanh(x)),
  Tile: (n) => [(x) => tf.tile(x, [n, n, 1]), [2, 2, n]],
  Transpose: onMatrix((x) => tf.transpose(x)),
  Unpack: (n) => [(x) => tf.unstack(x), [2, n]],
  UnsortedSegmentSum: (n) => [(x) => tf.unsortedSegmentSum(x, wholeNumbers([n]) as Tensor1D, n), [n, n]],
};

/** Layer normalization as tfjs-layers has it, which repeats all four vectors to x's shape. */
function layerNormalization(x: Tensor3D, gamma: Tensor, beta: Tensor): Tensor {
  const [rows, columns, channels] = x.shape;
  const { mean, variance } = tf.moments(x, 2, true);
  const ofRow = (each: Tensor): Tensor3D => tf.tile(each, [1, 1, channels]) as Tensor3D;
  const ofChannel = (each: Tensor): Tensor3D => tf.tile(tf.reshape(each, [1, 1, channels]), [rows, columns, 1]);
  return tf.batchNorm3d(x, ofRow(mean), ofRow(variance), ofChannel(beta), ofChannel(gamma));
}

/** Operations that have a gradient of their own instead, or are made of others. */
const operations: Readonly<Record<string, Case>> = {
  logSoftmax: onMatrix((x) => tf.logSoftmax(x)),
  logSigmoid: onMatrix((x) => tf.logSigmoid(x)),
  "losses.softmaxCrossEntropy": onMatrix((x) => tf.losses.softmaxCrossEntropy(tf.ones(x.shape), x)),
  "fused.matMul": (n) => [(a, b) => tf.fused.matMul({ a, b, activation: "relu" }), [n, 2 * n], [2 * n, n]],
  layerNormalization: (n) => [
    (x, gamma, beta) => layerNormalization(x as Tensor3D, gamma, beta),
    [n, 2 * n, n],
    [n],
    [n],
  ],
  broadcastTo: (n) => [(x) => tf.broadcastTo(x, [n, n, n]), [n]],
};

/** They give whole numbers, truth values or constants, or belong to kernels that no operation of tfjs runs. */
const withoutGradient = [
  "ArgMax",
  "ArgMin",
  "BroadcastTo",
  "ComplexAbs",
  "FloorDiv",
  "GreaterEqual",
  "IsFinite",
  "IsInf",
  "IsNan",
  "LogSoftmax",
  "OneHot",
  "OnesLike",
  "ZerosLike",
];

/** Kernels that an operation and its gradients with respect to all its tensors run. */
async function kernelsOf(each: Case, n: number): Promise<string[]> {
  const [run, ...shapes] = each(n);
  const { kernels } = await tf.profile(() => {
    const tensors = shapes.map((shape, i) => tf.randomUniform(shape, 0.1, 0.9, "float32", i + 1));
    const joined = (...x: Tensor[]): Tensor => {
      const y = run(...x);
      return Array.isArray(y) ? tf.addN(y) : y;
    };
    return tf.grads(joined)(tensors);
  });
  // Its kernelNames say each once.
  return kernels.map(({ name }) => name);
}

test("every gradient is among those whose kernels are counted here", (t) => {
  const registered = Object.values(tfjsGradients()).map(({ kernelName }) => kernelName);
  const names = new Set([...registered, ...Object.keys(mendedGradients)]);
  t.deepEqual([...Object.keys(cases), ...withoutGradient].toSorted(), [...names].toSorted());
});

test("no gradient runs more kernels for larger tensors", async (t) => {
  for (const [name, each] of Object.entries({ ...cases, ...operations })) {
    const small = await kernelsOf(each, 2);
    t.true(name in operations || small.includes(name), `${name}: ${small.join(", ")}`);
    t.is((await kernelsOf(each, 5)).length, small.length, name);
  }
});
