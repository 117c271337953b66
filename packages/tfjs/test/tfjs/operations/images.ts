// oxlint-disable typescript/no-unsafe-type-assertion -- tfjs types each rank apart, and these are drawn
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import type { Cell, Operation, Operations } from "./cell.ts";

const only =
  (rank: number, operation: Operation): Operation =>
  (cell) =>
    cell.rank === rank ? operation(cell) : undefined;

const corners = (cell: Cell): [boolean, boolean] =>
  cell.draw.pick([
    [false, false],
    [true, false],
    [false, true],
  ]);
const size = (cell: Cell): [number, number] => [cell.draw.integer(1, 6), cell.draw.integer(1, 6)];
const image = (cell: Cell): Tensor4D => cell.tensor(cell.shape(4)) as Tensor4D;

export const imageOperations: Operations = {
  resizeNearestNeighbor: only(4, (cell) =>
    cell.tf.image.resizeNearestNeighbor(image(cell), size(cell), ...corners(cell)),
  ),
  resizeBilinear: only(4, (cell) => cell.tf.image.resizeBilinear(image(cell), size(cell), ...corners(cell))),
  flipLeftRight: only(4, (cell) => cell.tf.image.flipLeftRight(image(cell))),
  rotateWithOffset: only(4, (cell) =>
    cell.tf.image.rotateWithOffset(image(cell), cell.draw.uniform(-3, 3), cell.draw.pick([0, 0.25]), 0.5),
  ),
  cropAndResize: only(4, (cell) => {
    const x = image(cell);
    const boxes = cell.tf.tensor2d([0, 0, 1, 1, 0.1, 0.2, 0.8, 0.9], [2, 4]);
    const boxOf = cell.indices([2], 0, x.shape[0] - 1) as Tensor1D;
    return cell.tf.image.cropAndResize(x, boxes, boxOf, size(cell), cell.draw.pick(["nearest", "bilinear"]), 3);
  }),
  transform: only(4, (cell) => {
    // tfjs's CPU backend transforms the first image alone.
    const x = cell.tensor(cell.shape(4).with(0, 1)) as Tensor4D;
    const numbers = [1, 0.25, 0.5, -0.25, 1.5, 0.75, 0, 0];
    const transforms = cell.tf.tensor2d(Array.from({ length: x.shape[0] }, () => numbers).flat(), [x.shape[0], 8]);
    const fill = cell.draw.pick(["constant", "reflect", "wrap", "nearest"] as const);
    return cell.tf.image.transform(
      x,
      transforms,
      cell.draw.pick(["nearest", "bilinear"] as const),
      fill,
      1,
      size(cell),
    );
  }),
  grayscaleToRGB: only(3, (cell) => cell.tf.image.grayscaleToRGB(cell.tensor(cell.shape(3).with(2, 1)) as Tensor3D)),
  rgbToGrayscale: only(3, (cell) => cell.tf.image.rgbToGrayscale(cell.tensor(cell.shape(3).with(2, 3)) as Tensor3D)),
  maxPool: only(4, (cell) => cell.tf.maxPool(image(cell), 2, cell.draw.integer(1, 2), "same")),
  avgPool: only(4, (cell) => cell.tf.avgPool(image(cell), 2, cell.draw.integer(1, 2), "same")),
  maxPoolWithArgmax: only(4, (cell) => {
    const { result, indexes } = cell.tf.maxPoolWithArgmax(image(cell), 2, 1, "same");
    return [result, indexes];
  }),
  maxPool3d: only(5, (cell) => cell.tf.maxPool3d(cell.tensor() as Tensor5D, 2, 1, "same")),
  avgPool3d: only(5, (cell) => cell.tf.avgPool3d(cell.tensor() as Tensor5D, 2, 1, "same")),
  conv2dTranspose: only(4, (cell) => {
    const x = image(cell);
    return cell.tf.conv2dTranspose(
      x,
      cell.tensor([2, 2, 3, x.shape[3]]) as Tensor4D,
      [x.shape[0], x.shape[1], x.shape[2], 3],
      1,
      "same",
    );
  }),
  conv3d: only(5, (cell) => {
    const x = cell.tensor() as Tensor5D;
    return cell.tf.conv3d(x, cell.tensor([2, 1, 2, x.shape[4], 3]) as Tensor5D, 1, "valid");
  }),
  conv3dTranspose: only(5, (cell) => {
    const x = cell.tensor() as Tensor5D;
    const [n, d, h, w, c] = x.shape;
    return cell.tf.conv3dTranspose(x, cell.tensor([2, 1, 2, 3, c]) as Tensor5D, [n, d + 1, h, w + 1, 3], 1, "valid");
  }),
  dilation2d: only(4, (cell) => {
    const x = image(cell);
    return cell.tf.dilation2d(x, cell.tensor([2, 2, x.shape[3]]) as Tensor3D, 1, "same");
  }),
  localResponseNormalization: only(4, (cell) => cell.tf.localResponseNormalization(image(cell))),
  batchNorm: (cell) => {
    const x = cell.tensor();
    const [mean, variance] = [1, 2].map(() => cell.tensor([x.shape[x.rank - 1]], cell.dtype, "plain") as Tensor1D);
    return cell.tf.batchNorm(x, mean, cell.tf.square(variance));
  },
  multinomial: (cell) => {
    // Each backend draws numbers of its own.
    return cell.tf.zerosLike(cell.tf.multinomial(cell.tensor([3, 4]) as Tensor2D, 5, 1));
  },
  nonMaxSuppression: (cell) => {
    const boxes = cell.tf.tensor2d([0, 0, 1, 1, 0, 0, 1, 0.9, 0, 2, 1, 3, 0, 2, 1, 2.9], [4, 4]);
    return cell.tf.image.nonMaxSuppression(boxes, cell.tensor([4]) as Tensor1D, 3, 0.5);
  },
};
