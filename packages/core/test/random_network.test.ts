import test from "ava";
import type { KernelVariant } from "../src/engine/emit/module/linker.ts";
import type { Layer } from "../src/network/layers/layers.ts";
import { describePlan } from "../src/engine/step/plan/describe_plan.ts";
import type { PlanAlgorithm } from "../src/engine/step/plan/plan_row.ts";
import { type RandomNetwork, randomNetwork } from "./random_network.ts";

const networks = Array.from({ length: 60 }, (_, seed) => randomNetwork(seed));

test("the same seed gives the same network, another seed another", (t) => {
  t.deepEqual(randomNetwork(5), randomNetwork(5));
  t.notDeepEqual(randomNetwork(5).model.toJSON(), randomNetwork(6).model.toJSON());
});

const layersOf = ({ model }: RandomNetwork): Layer[] => model.layers.map(({ layer }) => layer);
const has = (network: RandomNetwork, ask: (layer: Layer, next: Layer | undefined) => boolean): boolean => {
  const layers = layersOf(network);
  return layers.some((layer, i) => ask(layer, layers[i + 1]));
};
const uses = ({ model }: RandomNetwork, wanted: PlanAlgorithm, variant: KernelVariant, pooled = false): boolean =>
  describePlan(model.toJSON(), variant).some(({ algorithm, layers }) => {
    return algorithm === wanted && (!pooled || layers.some((name) => name.startsWith("maxPool2d")));
  });
const sumsWindows = ({ model }: RandomNetwork, variant: KernelVariant): boolean =>
  describePlan(model.toJSON(), variant).some(({ phase, algorithm }) => {
    return phase === "weight gradient" && algorithm === "windows";
  });
const isConv = (layer: Layer, activation: string): boolean =>
  layer.kind === "conv2d" && layer.activation === activation;

// What the engine has its own code for, or may get wrong by one.
const features: Record<string, (network: RandomNetwork) => boolean> = {
  "one channel": ({ model }) => model.inputShape[2] === 1,
  "three channels": ({ model }) => model.inputShape[2] === 3,
  "an image that is not square": ({ model }) => model.inputShape[0] !== model.inputShape[1],
  "an odd height": ({ model }) => model.inputShape[0] % 2 === 1,
  "an image one pixel high or wide": ({ model }) => model.inputShape[0] === 1 || model.inputShape[1] === 1,
  bytes: ({ data }) => data.images instanceof Uint8Array,
  floats: ({ data }) => data.images instanceof Float32Array,
  "two classes": ({ model }) => model.classes === 2,
  "twelve classes": ({ model }) => model.classes === 12,
  "a 1×1 kernel": (network) =>
    has(network, (layer) => layer.kind === "conv2d" && layer.kernelSize[0] === 1 && layer.kernelSize[1] === 1),
  "a stride longer than the kernel": (network) =>
    has(network, (layer) => layer.kind === "conv2d" && layer.strides[0] > layer.kernelSize[0]),
  "a convolution with same padding": (network) =>
    has(network, (layer) => layer.kind === "conv2d" && layer.padding === "same" && layer.kernelSize[0] > 1),
  "a convolution without bias": (network) => has(network, (layer) => layer.kind === "conv2d" && !layer.useBias),
  "filters that are no multiple of 4": (network) =>
    has(network, (layer) => layer.kind === "conv2d" && layer.filters % 4 !== 0),
  "3×3 filters from many channels to many, over an odd height": ({ model }) =>
    model.layers.some(({ layer, inputShape, outputShape }) => {
      return layer.kind === "conv2d" && inputShape[2] >= 16 && outputShape[2] >= 16 && outputShape[0] % 2 === 1;
    }),
  "3×3 filters from many channels to many, with a pool": ({ model }) =>
    model.layers.some(({ layer, inputShape, outputShape }, i) => {
      const pooled = model.layers[i + 1]?.layer.kind === "maxPool2d";
      return layer.kind === "conv2d" && inputShape[2] >= 16 && outputShape[2] >= 16 && pooled;
    }),
  "small filters of few channels, five and more, with a pool": ({ model }) =>
    model.layers.some(({ layer, inputShape }, i) => {
      if (layer.kind !== "conv2d" || model.layers[i + 1]?.layer.kind !== "maxPool2d") return false;
      return layer.filters >= 5 && layer.kernelSize[0] * layer.kernelSize[1] * inputShape[2] <= 9;
    }),
  "an input gradient that is scattered by narrow kernels": (network) => uses(network, "scattered", "narrow"),
  "an input gradient that is scattered by wide kernels": (network) => uses(network, "scattered", "wide"),
  "windows in the lanes of narrow kernels": (network) => uses(network, "windows", "narrow"),
  "windows in the lanes of wide kernels": (network) => uses(network, "windows", "wide"),
  "pools of windows in the lanes of narrow kernels": (network) => uses(network, "windows", "narrow", true),
  "pools of windows in the lanes of wide kernels": (network) => uses(network, "windows", "wide", true),
  "a weight gradient with windows in the lanes of narrow kernels": (network) => sumsWindows(network, "narrow"),
  "a weight gradient with windows in the lanes of wide kernels": (network) => sumsWindows(network, "wide"),
  "a direct input gradient behind strides": ({ model }) =>
    describePlan(model.toJSON()).some(({ phase, algorithm, layers: [name] }) => {
      const layer = model.layers.find((each) => each.name === name)?.layer;
      if (layer?.kind !== "conv2d" || phase !== "input gradient" || algorithm !== "direct") return false;
      return layer.strides[0] > 1 || layer.strides[1] > 1;
    }),
  "conv-relu-pool": (network) => has(network, (layer, next) => isConv(layer, "relu") && next?.kind === "maxPool2d"),
  "conv-pool-relu": (network) =>
    layersOf(network).some((layer, i, all) => {
      return isConv(layer, "linear") && all[i + 1]?.kind === "maxPool2d" && all[i + 2]?.kind === "relu";
    }),
  "conv-pool without relu": (network) =>
    layersOf(network).some((layer, i, all) => {
      return isConv(layer, "linear") && all[i + 1]?.kind === "maxPool2d" && all[i + 2]?.kind !== "relu";
    }),
  "overlapping pools": (network) =>
    has(network, (layer) => layer.kind === "maxPool2d" && layer.poolSize[0] > layer.strides[0]),
  "pools with gaps": (network) =>
    has(network, (layer) => layer.kind === "maxPool2d" && layer.poolSize[0] < layer.strides[0]),
  "max pools with same padding": (network) =>
    has(network, (layer) => layer.kind === "maxPool2d" && layer.padding === "same"),
  "average pools with same padding": (network) =>
    has(network, (layer) => layer.kind === "averagePool2d" && layer.padding === "same" && layer.poolSize[0] > 1),
  "relu after no convolution": (network) =>
    has(network, (layer, next) => next?.kind === "relu" && !["conv2d", "dense", "maxPool2d"].includes(layer.kind)),
  dropout: (network) => has(network, (layer) => layer.kind === "dropout"),
  "dropout of images": (network) =>
    network.model.layers.some(({ layer, inputShape }) => layer.kind === "dropout" && inputShape.length === 3),
  "dense after dense": (network) => has(network, (layer, next) => layer.kind === "dense" && next?.kind === "dense"),
  "a dense layer without bias": (network) => has(network, (layer) => layer.kind === "dense" && !layer.useBias),
  "no dense layer": (network) => !has(network, (layer) => layer.kind === "dense"),
  "an empty shard": ({ shardSizes }) => shardSizes.includes(0),
  "uneven shards": ({ shardSizes }) => new Set(shardSizes).size > 1,
  "more capacity than images": ({ shardSizes, capacity }) => shardSizes.reduce((a, b) => a + b) < capacity,
  "a part of a larger minibatch": ({ shardSizes, minibatchSize }) => shardSizes.reduce((a, b) => a + b) < minibatchSize,
};

for (const [name, ask] of Object.entries(features)) {
  test(`sixty networks have: ${name}`, (t) =>
    t.true(networks.filter(ask).length >= 2, String(networks.filter(ask).length)));
}
