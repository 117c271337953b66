import { createHash } from "node:crypto";
import type { Dataset } from "@convoy/datasets";

/**
 * What the images and labels of a data set are, whatever folder they come from: the SHA-256 of shape and number of the
 * images, of their pixels and of their labels, for training and then for testing.
 */
export function dataFingerprint({ train, test }: Pick<Dataset, "train" | "test">): string {
  const hash = createHash("sha256");
  for (const { images, labels, shape } of [train, test]) {
    hash
      .update(JSON.stringify({ shape, count: labels.length }))
      .update(images)
      .update(labels);
  }
  return hash.digest("hex");
}
