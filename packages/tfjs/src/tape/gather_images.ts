import type { ImageStore } from "@convoy/core/training";

/** Copies samples of a store as floats, normalised as the planned step does it: byte · scale + shift, in float32. */
export function gatherImages(store: ImageStore, samples: readonly number[]): Float32Array {
  const size = store.shape[0] * store.shape[1] * store.shape[2];
  const out = new Float32Array(samples.length * size);
  const { buffer, byteOffset } = store.words;
  const { mean, deviation } = store.normalization;
  const scale = Math.fround(1 / (255 * deviation));
  const shift = Math.fround(-mean / deviation);
  for (const [n, sample] of samples.entries()) {
    const start = byteOffset + sample * store.wordsPerImage * 4;
    if (store.pixelType === "float32") {
      out.set(new Float32Array(buffer, start, size), n * size);
      continue;
    }
    const bytes = new Uint8Array(buffer, start, size);
    for (let i = 0; i < size; i++) out[n * size + i] = Math.fround(Math.fround(bytes[i] * scale) + shift);
  }
  return out;
}
