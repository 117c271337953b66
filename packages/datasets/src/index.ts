export type { Dataset, ImageSet, PictureFit } from "./dataset.ts";
export { DatasetError } from "./errors.ts";
export { FASHION_MNIST_FOLDER, loadFashionMnist } from "./fashion_mnist.ts";
export { decodeIdx, readIdx, type IdxOptions, type IdxTensor } from "./idx.ts";
export { loadIdxDataset, type IdxDatasetOptions } from "./idx_dataset.ts";
export { DATASET_NAMES, loadDataset } from "./load_dataset.ts";
export { loadMnist } from "./mnist.ts";
export { DEFAULT_NORMALIZATION, type Normalization } from "./normalization.ts";
export type { LoadOptions } from "./published_dataset.ts";
