import type { Dataset } from "./dataset.ts";
import { loadPublished, type LoadOptions, type PublishedDataset } from "./published_dataset.ts";

/** Where the Debian package dataset-fashion-mnist puts the four files. */
export const FASHION_MNIST_FOLDER = "/usr/share/datasets/fashion-mnist";

export const FASHION_MNIST: PublishedDataset = {
  name: "fashion-mnist",
  classNames: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  checksums: {
    "train-images": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels": "15d484375f8d13e6eb1aabb0c3f46965",
  },
  defaultFolder: () => FASHION_MNIST_FOLDER,
  advice:
    "Get the files with `apt-get install dataset-fashion-mnist` (Debian, Ubuntu), " +
    "or put them into a folder and name it with --data-dir (dataDir).",
  // Pictures were trimmed, made 28 pixels on their longer side, centered and negated: section 2 of the paper.
  pictureFit: { fit: "ink", ground: "dark", size: 28, center: "box" },
};

/**
 * Loads Fashion-MNIST: 60,000 training and 10,000 test images of clothing, 28 x 28, one channel.
 *
 * @param options.dataDir Folder of the four IDX files, plain or gzipped; own data in this form is welcome (then
 *   `verified` is false). Default: the Debian package's folder, `/usr/share/datasets/fashion-mnist`.
 * @param options.normalization Default: none; a network's own is used, or { mean: 0.5, deviation: 0.5 }.
 * Shape: images [60000, 28, 28, 1] and [10000, 28, 28, 1].
 * @throws DATASET_NOT_FOUND saying how to get the files, DATASET_CHECKSUM when the Debian package's files are not the
 *   published ones, DATASET_NORMALIZATION, and the codes of a folder that is not whole or not consistent.
 * Source: Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms".
 * @example
 * const { classNames } = await loadFashionMnist({ dataDir: "fashion" });
 * classNames[9] // "Ankle boot"
 */
export async function loadFashionMnist(options: LoadOptions = {}): Promise<Dataset> {
  return loadPublished(FASHION_MNIST, options);
}
