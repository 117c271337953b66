import test from "ava";
import { createImageStore } from "./create_image_store.ts";
import { selectImages } from "./select_images.ts";

test("a selection is the store of those images alone", (t) => {
  const shape = [1, 3, 1] as const;
  const pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const images of [Uint8Array.from(pixels), Float32Array.from(pixels)]) {
    const store = createImageStore({ images, labels: [0, 1, 2], shape }, 3);
    const selected = selectImages(store, Int32Array.of(2, 0));
    const expected = [7, 8, 9, 1, 2, 3];
    const alone = images instanceof Uint8Array ? Uint8Array.from(expected) : Float32Array.from(expected);
    t.deepEqual(selected, createImageStore({ images: alone, labels: [2, 0], shape }, 3));
  }
});

test("a selection is shared where its store is", (t) => {
  const data = { images: new Uint8Array(8), labels: [0, 0], shape: [2, 2, 1] } as const;
  for (const shared of [true, false]) {
    const { words, labels } = selectImages(createImageStore(data, 1, { shared }), Int32Array.of(1));
    for (const { buffer } of [words, labels]) t.is(buffer instanceof SharedArrayBuffer, shared);
  }
});
