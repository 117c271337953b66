import type { NamedAttrMap } from "@tensorflow/tfjs-core";

/** A kernel of tfjs as training calls it. */
export interface Operation {
  /** What it does, with its shapes. */
  readonly name: string;
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly attributes: NamedAttrMap;
}

type Size = readonly [height: number, width: number, channels: number];

const convolutionAttributes = { strides: [1, 1], dataFormat: "NHWC", dilations: [1, 1] };

/** A convolution of one of the benchmarks' networks: forward, and both gradients. */
function convolution(
  network: string,
  n: number,
  [h, w, c]: Size,
  r: number,
  k: number,
  pad: "valid" | "same",
): Operation[] {
  const shrink = pad === "same" ? 0 : r - 1;
  const x = [n, h, w, c];
  const filter = [r, r, c, k];
  const dy = [n, h - shrink, w - shrink, k];
  const attributes = { ...convolutionAttributes, pad };
  const of = `${network}: conv ${r}×${r}, ${h}×${w}×${c} → ${k}`;
  return [
    { name: `${of}, forward`, kernel: "Conv2D", inputs: { x, filter }, attributes },
    {
      name: `${of}, input gradient`,
      kernel: "Conv2DBackpropInput",
      inputs: { dy, filter },
      attributes: { ...attributes, inputShape: x },
    },
    {
      name: `${of}, filter gradient`,
      kernel: "Conv2DBackpropFilter",
      inputs: { x, dy },
      attributes: { ...attributes, filterShape: filter },
    },
  ];
}

/** A convolution of MobileNets, 3×3 of each channel alone. */
function depthwise(n: number, [h, w, c]: Size, stride: number): Operation {
  return {
    name: `depthwise 3×3, stride ${stride}, ${h}×${w}×${c}, forward`,
    kernel: "DepthwiseConv2dNative",
    inputs: { x: [n, h, w, c], filter: [3, 3, c, 1] },
    attributes: { ...convolutionAttributes, strides: [stride, stride], pad: "same" },
  };
}

/** The pool behind the first convolution of a ResNet, and the one before its classifier. */
function wideMaxPool(n: number, [h, w, c]: Size, window: number, stride: number): Operation {
  return {
    name: `max pool ${window}×${window}, stride ${stride}, ${h}×${w}×${c}, forward`,
    kernel: "MaxPool",
    inputs: { x: [n, h, w, c] },
    attributes: { filterSize: [window, window], strides: [stride, stride], pad: stride === 1 ? "valid" : "same" },
  };
}

/** Where a ResNet's branches meet. */
function meeting(n: number, [h, w, c]: Size): Operation[] {
  const maps = [n, h, w, c];
  return [elementwise("Add", { a: maps, b: maps }), elementwise("Relu", { x: maps })];
}

function pool(n: number, [h, w, c]: Size): Operation[] {
  const input = [n, h, w, c];
  const y = [n, h >> 1, w >> 1, c];
  const attributes = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
  const of = `pool 2×2, ${h}×${w}×${c}`;
  return [
    { name: `max ${of}, forward`, kernel: "MaxPool", inputs: { x: input }, attributes },
    { name: `max ${of}, gradient`, kernel: "MaxPoolGrad", inputs: { dy: y, input, output: y }, attributes },
    { name: `average ${of}, forward`, kernel: "AvgPool", inputs: { x: input }, attributes },
    { name: `average ${of}, gradient`, kernel: "AvgPoolGrad", inputs: { dy: y, input }, attributes },
  ];
}

function dense(network: string, n: number, units: number, out: number): Operation[] {
  const product = (name: string, a: number[], b: number[], transposeA: boolean, transposeB: boolean): Operation => ({
    name: `${network}: dense ${units} → ${out}, ${name}`,
    kernel: "BatchMatMul",
    inputs: { a, b },
    attributes: { transposeA, transposeB },
  });
  return [
    product("forward", [1, n, units], [1, units, out], false, false),
    product("input gradient", [1, n, out], [1, units, out], false, true),
    product("weight gradient", [1, n, units], [1, n, out], true, false),
  ];
}

function elementwise(kernel: string, inputs: Operation["inputs"], attributes: Operation["attributes"] = {}): Operation {
  const shapes = Object.values(inputs).map((shape) => (shape.length === 0 ? "scalar" : shape.join("×")));
  return { name: `${kernel}, ${shapes.join(" and ")}`, kernel, inputs, attributes };
}

/** The kernels that training the benchmarks' networks calls, on their shapes. */
export function operations(n: number): Operation[] {
  const maps = [n, 26, 26, 16];
  const vector = [102130];
  return [
    ...convolution("seed-cnn", n, [28, 28, 1], 3, 16, "valid"),
    ...convolution("seed-cnn", n, [13, 13, 16], 3, 32, "valid"),
    ...convolution("lenet5", n, [28, 28, 1], 5, 6, "same"),
    ...convolution("lenet5", n, [14, 14, 6], 5, 16, "valid"),
    ...convolution("mnist-convnet", n, [13, 13, 32], 3, 64, "valid"),
    ...convolution("fast", n, [28, 28, 1], 5, 24, "valid"),
    ...convolution("cifar-convnet", n, [32, 32, 32], 3, 32, "same"),
    ...convolution("cifar-convnet", n, [16, 16, 64], 3, 64, "same"),
    ...pool(n, [26, 26, 16]),
    ...pool(n, [11, 11, 32]),
    ...pool(n, [28, 28, 1]),
    ...pool(n, [32, 32, 3]),
    depthwise(n, [32, 32, 32], 2),
    depthwise(n, [16, 16, 64], 2),
    depthwise(n, [8, 8, 128], 2),
    depthwise(n, [14, 14, 512], 1),
    depthwise(n, [14, 14, 512], 2),
    wideMaxPool(n, [64, 64, 3], 3, 2),
    wideMaxPool(n, [32, 32, 32], 3, 2),
    wideMaxPool(n, [56, 56, 64], 3, 2),
    wideMaxPool(n, [7, 7, 512], 7, 1),
    ...meeting(n, [32, 32, 16]),
    ...meeting(n, [16, 16, 32]),
    ...meeting(n, [8, 8, 64]),
    ...dense("seed-cnn", n, 800, 120),
    ...dense("seed-cnn", n, 120, 10),
    ...dense("mnist-convnet", n, 1600, 10),
    ...dense("cifar-convnet", n, 2048, 128),
    elementwise("Relu", { x: maps }),
    elementwise("Step", { x: maps }, { alpha: 0 }),
    elementwise("Add", { a: maps, b: [16] }),
    elementwise("Add", { a: maps, b: maps }),
    elementwise("Multiply", { a: maps, b: maps }),
    elementwise("Multiply", { a: vector, b: [] }),
    elementwise("Add", { a: vector, b: vector }),
    elementwise("Sqrt", { x: vector }),
    elementwise("Sum", { x: maps }, { axis: [0, 1, 2], keepDims: false }),
    elementwise("Mean", { x: maps }, { axis: [0, 1, 2], keepDims: false }),
    elementwise(
      "FusedBatchNorm",
      { x: maps, mean: [16], variance: [16], offset: [16], scale: [16] },
      { varianceEpsilon: 1e-3 },
    ),
    elementwise("Softmax", { logits: [n, 10] }, { dim: 1 }),
    elementwise("Tile", { x: [1, 1, 64] }, { reps: [n, 32, 1] }),
    elementwise("Exp", { x: maps }),
    elementwise("Tanh", { x: maps }),
  ];
}
