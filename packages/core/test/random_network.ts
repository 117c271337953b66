import type { ImageData } from "../src/network/data/image_store.ts";
import { averagePool2d } from "../src/network/layers/average_pool2d.ts";
import { conv2d } from "../src/network/layers/conv2d.ts";
import { dense } from "../src/network/layers/dense.ts";
import { dropout } from "../src/network/layers/dropout.ts";
import { flatten } from "../src/network/layers/flatten.ts";
import { type Activation, activations } from "../src/network/activations/activations.ts";
import type { ImageShape } from "../src/network/layers/shape.ts";
import type { Layer } from "../src/network/layers/layers.ts";
import type { Padding } from "../src/network/layers/window.ts";
import { namesOf, type Pair } from "../src/network/options/values.ts";
import { maxPool2d } from "../src/network/layers/max_pool2d.ts";
import { relu } from "../src/network/activations/relu.ts";
import { windowGeometry } from "../src/network/layers/window.ts";
import { Sequential } from "../src/model/sequential.ts";
import { Draw } from "./draw.ts";

/** A small network with weights, images, and a part of a minibatch for it. */
export interface RandomNetwork {
  readonly seed: number;
  readonly model: Sequential;
  readonly weights: Float32Array;
  readonly data: ImageData;
  /** A permutation of the images. */
  readonly order: Int32Array;
  readonly start: number;
  readonly shardSizes: readonly number[];
  readonly minibatchSize: number;
  readonly step: number;
  /** At least the images of the part. */
  readonly capacity: number;
}

/**
 * Networks over all layers and their odd settings, the same for the same seed.
 *
 * @param largestSide of the images, in pixels; a width may be eight more. Default 13
 */
export function randomNetwork(seed: number, largestSide = 13): RandomNetwork {
  const draw = new Draw(seed);
  // Long windows of one channel, side by side, have an algorithm of their own.
  const long = seed % 5 === 2;
  const inputShape: ImageShape = long
    ? [draw.integer(6, largestSide), draw.integer(9, largestSide + 8), 1]
    : [side(draw, largestSide), side(draw, largestSide), draw.pick([1, 1, 3, 3, 2, 5])];
  const model = new Sequential({ inputShape, layers: randomLayers(draw, inputShape, long), seed });
  const weights = new Float32Array(model.parameterCount);
  for (const { offset, size, shape, fanIn } of model.parameters) {
    const limit = shape.length === 1 ? 0.3 : Math.sqrt(6 / fanIn);
    for (let i = 0; i < size; i++) weights[offset + i] = draw.uniform(-limit, limit);
  }

  const shardSizes = Array.from({ length: draw.integer(1, 6) }, () => draw.integer(0, 3));
  const images = shardSizes.reduce((sum, size) => sum + size, 0);
  if (images === 0) shardSizes[0] = 1;
  const used = Math.max(images, 1);
  const start = draw.integer(0, 3);
  const count = start + used + draw.integer(0, 3);
  return {
    seed,
    model,
    weights,
    data: randomImages(draw, inputShape, count, model.classes),
    order: Int32Array.from(draw.order(count)),
    start,
    shardSizes,
    minibatchSize: used + draw.pick([0, 0, 0, 5]),
    step: draw.integer(0, 1000),
    capacity: used + draw.pick([0, 0, 1, 4]),
  };
}

function side(draw: Draw, largest: number): number {
  return draw.chance(0.12) ? draw.integer(1, 2) : draw.integer(3, largest);
}

function randomImages(draw: Draw, shape: ImageShape, count: number, classes: number): ImageData {
  const pixels = count * shape[0] * shape[1] * shape[2];
  const images = draw.chance(0.5)
    ? Uint8Array.from({ length: pixels }, () => draw.integer(0, 255))
    : Float32Array.from(draw.floats(pixels, -1.5, 1.5));
  const labels = Array.from({ length: count }, () => draw.integer(0, classes - 1));
  const normalization = draw.pick([
    { mean: 0.5, deviation: 0.5 },
    { mean: 0.1307, deviation: 0.3081 },
  ]);
  return { images, labels, shape, ...(images instanceof Uint8Array ? { normalization } : {}) };
}

function randomLayers(draw: Draw, inputShape: ImageShape, long: boolean): Layer[] {
  const classes = draw.integer(2, 12);
  const layers: Layer[] = [];
  let [height, width] = inputShape;
  const add = (layer: Layer): void => {
    layers.push(layer);
    if (!("strides" in layer)) return;
    const window = layer.kind === "conv2d" ? layer.kernelSize : layer.poolSize;
    height = windowGeometry(height, window[0], layer.strides[0], layer.padding).outputSize;
    width = windowGeometry(width, window[1], layer.strides[1], layer.padding).outputSize;
  };
  // 3×3 filters over many channels have an algorithm of their own.
  const wide = draw.chance(0.25);
  const conv = (activation: Activation): void => add(randomConv2d(draw, height, width, activation, wide));
  const tiledPool = (): void => {
    const fits = height >= 2 && width >= 2;
    add(maxPool2d(fits ? {} : { padding: "same" }));
  };
  const blocks: Record<string, () => void> = {
    conv: () => conv(draw.pick(namesOf(activations))),
    convReluPool() {
      conv("relu");
      tiledPool();
    },
    convPoolRelu() {
      conv("linear");
      tiledPool();
      add(relu());
    },
    convPool() {
      conv("linear");
      tiledPool();
    },
    maxPool: () => add(maxPool2d(randomWindow(draw, height, width))),
    averagePool: () => add(averagePool2d(randomWindow(draw, height, width))),
    relu: () => add(relu()),
    dropout: () => add(dropout({ rate: draw.uniform(0.1, 0.5) })),
  };
  const names = [...Object.keys(blocks), "maxPool"];
  if (long) {
    add(longConv2d(draw, height));
    if (draw.chance(0.5)) tiledPool();
  } else if (wide) conv("relu");
  for (let i = draw.integer(0, 4); i > 0; i--) blocks[draw.pick(names)]();

  if (draw.chance(0.15)) {
    // No dense layer: one filter a class, and the mean over the image.
    add(conv2d({ filters: classes, kernelSize: 1 }));
    add(averagePool2d({ poolSize: [height, width] }));
    return [...layers, flatten()];
  }
  layers.push(flatten());
  for (let i = draw.pick([0, 0, 1, 1, 2]); i > 0; i--) {
    const activation = draw.pick(namesOf(activations));
    layers.push(dense({ units: draw.integer(1, 18), activation, useBias: draw.chance(0.8) }));
    if (draw.chance(0.2)) layers.push(dropout({ rate: draw.uniform(0.1, 0.4) }));
    if (draw.chance(0.1)) layers.push(relu());
  }
  layers.push(dense({ units: classes, useBias: draw.chance(0.8) }));
  return layers;
}

function randomConv2d(draw: Draw, height: number, width: number, activation: Activation, wide: boolean): Layer {
  if (wide && height >= 3 && width >= 3) {
    const padding = draw.pick<Padding>(["valid", "same"]);
    return conv2d({ filters: draw.integer(14, 36), kernelSize: 3, padding, activation, useBias: draw.chance(0.8) });
  }
  const { poolSize: kernelSize, strides, padding } = randomWindow(draw, height, width);
  const filters = draw.chance(0.1) ? draw.integer(13, 37) : draw.integer(1, 12);
  const steps: Pair = draw.chance(0.6) ? [1, 1] : strides;
  return conv2d({ filters, kernelSize, strides: steps, padding, activation, useBias: draw.chance(0.8) });
}

/** 3×3 to 7×7 weights, few filters, strides in rows. */
function longConv2d(draw: Draw, height: number): Layer {
  const same = draw.chance(0.7);
  return conv2d({
    filters: draw.integer(1, 12),
    kernelSize: [draw.integer(3, same ? 7 : Math.min(height, 7)), draw.integer(3, same ? 7 : 4)],
    strides: [draw.pick([1, 1, 2]), 1],
    padding: same ? "same" : "valid",
    activation: draw.pick(namesOf(activations)),
    useBias: draw.chance(0.8),
  });
}

/** A window that fits; its strides are its own size, smaller or larger. */
function randomWindow(draw: Draw, height: number, width: number): { poolSize: Pair; strides: Pair; padding: Padding } {
  const padding = draw.pick<Padding>(["valid", "same"]);
  const length = (size: number): number => draw.integer(1, padding === "same" ? 4 : Math.min(size, 4));
  const square = length(Math.min(height, width));
  const poolSize: Pair = draw.chance(0.6) ? [square, square] : [length(height), length(width)];
  const stride = draw.integer(1, 4);
  const strides: Pair = draw.pick([poolSize, [stride, stride], [draw.integer(1, 3), draw.integer(1, 3)]]);
  return { poolSize, strides, padding };
}
