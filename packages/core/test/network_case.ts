import type { Sequential } from "../src/model/sequential.ts";
import type { ImageData } from "../src/network/data/image_store.ts";
import type { NetworkCase } from "./compare_network.ts";
import { Draw } from "./draw.ts";

/** The network on the last images of a mixed order, with room for one image more. */
export function caseOf(model: Sequential, data: ImageData, shardSizes: readonly number[]): NetworkCase {
  const images = shardSizes.reduce((sum, size) => sum + size, 0);
  return {
    model,
    weights: model.getWeights(),
    data,
    order: Int32Array.from(new Draw(1).order(data.labels.length)),
    start: data.labels.length - images,
    shardSizes,
    minibatchSize: images,
    capacity: images + 1,
  };
}

/** Bright blobs on a dark ground with noise: smooth as photographs are, and without the large flat parts of digits. */
export function blobs(count: number): ImageData {
  const draw = new Draw(2);
  const images = new Uint8Array(count * 784);
  for (let n = 0; n < count; n++) {
    const spots = Array.from({ length: 4 }, () => [draw.uniform(4, 24), draw.uniform(4, 24), draw.uniform(4, 40)]);
    for (let i = 0; i < 784; i++) {
      const light = spots.map(([y, x, size]) =>
        Math.exp(-((Math.floor(i / 28) - y) ** 2 + ((i % 28) - x) ** 2) / size),
      );
      images[n * 784 + i] = Math.min(255, 200 * light.reduce((sum, each) => sum + each, 0) + draw.integer(0, 40));
    }
  }
  const labels = Array.from({ length: count }, () => draw.integer(0, 9));
  return { images, labels, shape: [28, 28, 1] };
}
