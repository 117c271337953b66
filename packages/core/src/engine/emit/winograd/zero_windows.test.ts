import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { normalizedImages } from "../../../../test/normalized_images.ts";
import { createImageStore } from "../../../network/data/create_image_store.ts";
import type { ImageData } from "../../../network/data/image_store.ts";
import { conv2d } from "../../../network/layers/conv2d.ts";
import { dense } from "../../../network/layers/dense.ts";
import { flatten } from "../../../network/layers/flatten.ts";
import { maxPool2d } from "../../../network/layers/max_pool2d.ts";
import { relu } from "../../../network/activations/relu.ts";
import { Sequential } from "../../../model/sequential.ts";
import { createReplica } from "../../step/create_replica.ts";
import { relativeDistance } from "../../verify/reference/closeness.ts";
import { referenceGradient } from "../../verify/reference/network.ts";

const count = 8;

/** Strokes on an empty ground, as digits are: most windows of 3×3 hold nothing but zeros. */
function strokes(side: number, channels: number): ImageData {
  const draw = new Draw(3);
  const images = new Float32Array(count * side * side * channels);
  for (let n = 0; n < count; n++) {
    for (let stroke = 0; stroke < 3; stroke++) {
      const [y, x, length] = [draw.integer(0, side - 1), draw.integer(0, side >> 1), draw.integer(1, side >> 2)];
      for (let i = 0; i < length; i++) {
        const at = ((n * side + y) * side + x + i) * channels;
        // Of some pixels one channel alone.
        const only = draw.integer(0, 2) === 0 ? draw.integer(0, channels - 1) : undefined;
        for (let c = 0; c < channels; c++) images[at + c] = only === undefined || only === c ? draw.uniform(-1, 1) : -0;
      }
    }
  }
  return { images, labels: Array.from({ length: count }, (_, n) => n % 4), shape: [side, side, channels] };
}

interface Case {
  readonly title: string;
  readonly side: number;
  readonly channels: number;
  readonly layers: ConstructorParameters<typeof Sequential>[0]["layers"];
}

const same = { filters: 24, kernelSize: 3, padding: "same", activation: "relu" } as const;
const cases: readonly Case[] = [
  { title: "tiles of 4×4", side: 22, channels: 16, layers: [conv2d(same), flatten(), dense({ units: 4 })] },
  {
    title: "tiles of 4×4, of channels that fill no vector, before a pool",
    side: 22,
    channels: 19,
    layers: [conv2d({ ...same, padding: "valid" }), maxPool2d(), flatten(), dense({ units: 4 })],
  },
  {
    title: "tiles of 2×2",
    side: 7,
    channels: 16,
    layers: [conv2d(same), flatten(), dense({ units: 4 })],
  },
  {
    title: "tiles of 2×2 before a pool",
    side: 8,
    channels: 16,
    layers: [conv2d({ ...same, padding: "valid" }), maxPool2d(), flatten(), dense({ units: 4 })],
  },
  {
    title: "input gradients that are zero in whole windows",
    side: 22,
    channels: 16,
    layers: [
      conv2d(same),
      conv2d(same),
      relu(),
      maxPool2d({ poolSize: 5, strides: 5 }),
      flatten(),
      dense({ units: 4 }),
    ],
  },
];

for (const { title, side, channels, layers } of cases) {
  for (const kernels of ["narrow", "wide"] as const) {
    test(`a window of zeros gives exactly the bias, so that a relu behind it stays shut: ${title}, ${kernels}`, async (t) => {
      const data = strokes(side, channels);
      const model = new Sequential({ inputShape: [side, side, channels], layers });
      const weights = model.getWeights();
      const order = Int32Array.from({ length: count }, (_, i) => i);
      const batch = {
        images: normalizedImages(data, order),
        labels: Array.from(data.labels, Number),
        sampleIndices: order,
      };
      // Biases are zero, so each empty window stands on the corner of its relu: the reference takes no alternative there.
      const reference = referenceGradient(model.toJSON(), weights, {
        ...batch,
        minibatchSize: count,
        seed: 1,
        step: 0,
      });
      const replica = await createReplica({ kind: "planned", model: model.toJSON(), kernels }, count);
      const out = new Float32Array(replica.parameterCount + 2);
      replica.load(weights);
      const store = createImageStore(data, model.classes);
      const part = { store, order, start: 0, shardSizes: [count], minibatchSize: count, seed: 1, step: 0 };
      replica.gradient(part, out);
      replica.dispose();
      for (const { name, offset, size } of model.parameters) {
        const [ours, expected] = [out, reference.gradient].map((all) => all.subarray(offset, offset + size));
        const distance = relativeDistance(ours, expected);
        t.true(distance < 1e-5, `${name}: ${distance}`);
      }
    });
  }
}
