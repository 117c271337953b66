// oxlint-disable typescript/no-unsafe-type-assertion -- tfjs types each rank apart, and these are drawn
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import type { Operation, Operations } from "./cell.ts";

const names = [
  "sum",
  "mean",
  "max",
  "min",
  "prod",
  "all",
  "any",
  "logSumExp",
  "euclideanNorm",
] as const satisfies readonly (keyof TensorFlow)[];

type Reduction = (x: Tensor, axes: number[], keepDims: boolean) => Tensor;

const reduction =
  (name: (typeof names)[number]): Operation =>
  (cell) =>
    (cell.tf[name] as unknown as Reduction)(cell.tensor(), cell.axes(), cell.draw.chance(0.5));

export const reductionOperations: Operations = {
  ...Object.fromEntries(names.map((name) => [name, reduction(name)])),
  argMax: (cell) => cell.tf.argMax(cell.tensor(), cell.axis()),
  argMin: (cell) => cell.tf.argMin(cell.tensor(), cell.axis()),
  cumsum: (cell) => cell.tf.cumsum(cell.tensor(), cell.axis(), cell.draw.chance(0.5), cell.draw.chance(0.5)),
  cumprod: (cell) => cell.tf.cumprod(cell.tensor(), cell.axis(), cell.draw.chance(0.5), cell.draw.chance(0.5)),
  softmax: (cell) => cell.tf.softmax(cell.tensor()),
  logSoftmax: (cell) => cell.tf.logSoftmax(cell.tensor()),
  moments: (cell) => {
    const { mean, variance } = cell.tf.moments(cell.tensor(), cell.axes());
    return [mean, variance];
  },
  topk: (cell) => {
    const x = cell.tensor();
    const { values, indices } = cell.tf.topk(x, cell.draw.integer(0, x.shape[cell.rank - 1]), cell.draw.chance(0.5));
    return [values, indices];
  },
  unique: (cell) => {
    const { values, indices } = cell.tf.unique(cell.tensor(), cell.axis());
    return [values, indices];
  },
  bincount: (cell) => {
    const [size] = cell.shape(1);
    const weights = cell.draw.chance(0.3) ? [0] : [size];
    return cell.tf.bincount(cell.indices([size], 0, 6) as Tensor1D, cell.tensor(weights) as Tensor1D, 5);
  },
  denseBincount: (cell) => {
    const shape = cell.shape(cell.draw.integer(1, 2));
    const weights = cell.tensor(cell.draw.chance(0.3) ? [0] : shape);
    // tfjs's CPU backend gives counts of a vector even where it is asked for 0 and 1.
    const binary = shape.length === 2 && cell.draw.chance(0.3);
    return cell.tf.denseBincount(cell.indices(shape, 0, 6) as Tensor2D, weights as Tensor2D, 5, binary);
  },
  searchSorted: (cell) => {
    const sorted = [1, 2].map(() => [...cell.tensor([6], cell.dtype, "plain").dataSync()].toSorted((a, b) => a - b));
    const side = cell.draw.pick(["left", "right"] as const);
    return cell.tf.searchSorted(cell.tf.tensor2d(sorted, [2, 6], cell.dtype), cell.tensor([2, 3]), side);
  },
  unsortedSegmentSum: (cell) => {
    const x = cell.tensor(cell.shape(), cell.dtype, "plain");
    // tfjs's CPU backend makes float32 of every type.
    if (cell.right && cell.dtype !== "float32") {
      const sums = cell.tf.unsortedSegmentSum(
        cell.tf.cast(x, "float32"),
        cell.indices([x.shape[0]], 0, 2) as Tensor1D,
        3,
      );
      return cell.tf.cast(sums, "int32");
    }
    return cell.tf.unsortedSegmentSum(x, cell.indices([x.shape[0]], 0, 2) as Tensor1D, 3);
  },
  matMul: (cell) => {
    if (cell.rank < 2 || cell.rank > 4) return undefined;
    const [rows, inner, columns] = cell.shape(3);
    const batch = cell.shape(cell.rank - 2);
    return cell.tf.matMul(cell.tensor([...batch, rows, inner]), cell.tensor([...batch, inner, columns]));
  },
  dot: (cell) => cell.tf.dot(cell.tensor([4]), cell.tensor([4])),
  outerProduct: (cell) => cell.tf.outerProduct(cell.tensor([4]) as Tensor1D, cell.tensor([3]) as Tensor1D),
  norm: (cell) => cell.tf.norm(cell.tensor(), "euclidean", cell.axis()),
  sparseSegmentSum: (cell) => {
    const x = cell.tensor();
    const rows = cell.indices([4], 0, x.shape[0] - 1) as Tensor1D;
    const segments = cell.tf.tensor1d([0, 0, 1, 3], "int32");
    const sparse = { sum: cell.tf.sparse.sparseSegmentSum, mean: cell.tf.sparse.sparseSegmentMean };
    return [sparse.sum(x, rows, segments), sparse.mean(x, rows, segments)];
  },
  sparseFillEmptyRows: (cell) => {
    const { tf } = cell;
    const indices = tf.tensor2d([0, 0, 2, 1], [2, 2], "int32");
    const shape = tf.tensor1d([4, 3], "int32");
    return Object.values(
      tf.sparse.sparseFillEmptyRows(indices, cell.tensor([2]) as Tensor1D, shape, cell.tensor([]) as never),
    );
  },
  sparseReshape: (cell) => {
    const { tf } = cell;
    const indices = tf.tensor2d([0, 1, 2, 2], [2, 2], "int32");
    return Object.values(tf.sparse.sparseReshape(indices, tf.tensor1d([4, 3], "int32"), tf.tensor1d([2, -1], "int32")));
  },
};
