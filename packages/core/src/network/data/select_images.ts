import type { ImageStore } from "./image_store.ts";

/**
 * Copies some images and their labels into a store of their own, which is shared where the other one is.
 *
 * @param indices of the images, in the order that they are to have
 */
export function selectImages(store: ImageStore, indices: Int32Array): ImageStore {
  const { wordsPerImage, words, labels } = store;
  const isShared = words.buffer instanceof SharedArrayBuffer;
  const room = (count: number): Int32Array =>
    new Int32Array(isShared ? new SharedArrayBuffer(count * 4) : new ArrayBuffer(count * 4));
  const selected = { words: room(indices.length * wordsPerImage), labels: room(indices.length) };
  for (const [i, index] of indices.entries()) {
    selected.words.set(words.subarray(index * wordsPerImage, (index + 1) * wordsPerImage), i * wordsPerImage);
    selected.labels[i] = labels[index];
  }
  return { ...store, ...selected, count: indices.length };
}
