import { type ImageData, type ImageShape, randomUint32 } from "@convoy/core/training";

/** Purposes of the random numbers; they meet nothing of the library's, because no run uses them as a seed. */
const purpose = { prototype: 101, label: 102, noise: 103 };
const seed = 7;
/** Width and height of a pattern's cells, in pixels. */
const cell = 8;

/**
 * Bytes of the shape of photographs that a network can learn to tell apart: each class has its own pattern of colored
 * cells, and a quarter of every image is noise.
 */
export function syntheticImages(count: number, shape: ImageShape, classes: number): ImageData {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = randomUint32(seed, purpose.label, i, 0) % classes;
    for (let j = 0; j < size; j++) {
      const [row, column] = [Math.floor(j / channels / width), Math.floor(j / channels) % width];
      const place = (Math.floor(row / cell) * width + Math.floor(column / cell)) * channels + (j % channels);
      const pattern = (randomUint32(seed, purpose.prototype, labels[i], place) >>> 24) * 0.75;
      images[i * size + j] = Math.floor(pattern) + (randomUint32(seed, purpose.noise, i, j) >>> 26);
    }
  }
  return { images, labels, shape, normalization: { mean: 0.5, deviation: 0.25 } };
}
