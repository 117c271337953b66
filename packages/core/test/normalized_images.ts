import type { ImageData } from "../src/network/data/image_store.ts";

/** Some images of a data set as the reference takes them: float64, bytes normalised. */
export function normalizedImages(data: ImageData, samples: ArrayLike<number>): Float64Array {
  const { images, shape, normalization = { mean: 0.5, deviation: 0.5 } } = data;
  const size = shape[0] * shape[1] * shape[2];
  const pixels = new Float64Array(samples.length * size);
  for (let n = 0; n < samples.length; n++) {
    for (let i = 0; i < size; i++) {
      const pixel = images[samples[n] * size + i];
      const isByte = images instanceof Uint8Array;
      pixels[n * size + i] = isByte ? (pixel / 255 - normalization.mean) / normalization.deviation : pixel;
    }
  }
  return pixels;
}
