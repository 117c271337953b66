import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type ImageData, permutation } from "@convoy/core/training";
import type { Case } from "./cases.ts";
import type { CaseFiles } from "./job.ts";

/** Of `fit`, by default. */
const seed = 1;

/**
 * Writes what a peer needs to train as Convoy does: images, labels, first weights, and the order of the images in each
 * epoch.
 */
export async function writeCaseFiles({ model, data }: Case, epochs: number, folder: string): Promise<CaseFiles> {
  await mkdir(folder, { recursive: true });
  const files = {
    images: path.join(folder, "images.u8"),
    labels: path.join(folder, "labels.u8"),
    order: path.join(folder, "order.i32"),
    weights: path.join(folder, "weights.f32"),
  };
  const order = epochOrders(data, epochs);
  await writeFile(files.images, data.images);
  await writeFile(files.labels, Uint8Array.from(data.labels));
  // Typed arrays have the machine's byte order, which is little-endian on everything that Node 24 runs on here.
  await writeFile(files.order, order);
  await writeFile(files.weights, model.getWeights());
  return files;
}

function epochOrders(data: ImageData, epochs: number): Int32Array {
  const count = data.labels.length;
  const orders = new Int32Array(count * epochs);
  for (let epoch = 0; epoch < epochs; epoch++) {
    permutation(seed, epoch, count, orders.subarray(epoch * count, (epoch + 1) * count));
  }
  return orders;
}
