// oxlint-disable typescript/no-unsafe-type-assertion -- tfjs types each rank apart, and these are drawn
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Cell, Operations } from "./cell.ts";

/** Shapes that differ along one axis. */
function parts(cell: Cell, count: number): { axis: number; tensors: Tensor[] } {
  const shape = cell.shape();
  const axis = cell.axis();
  const sized = (): number[] => shape.map((size, d) => (d === axis ? cell.draw.integer(1, 4) : size));
  return { axis, tensors: Array.from({ length: count }, () => cell.tensor(sized())) };
}

export const movementOperations: Operations = {
  reshape: (cell) => cell.tf.reshape(cell.tensor(), [-1]),
  expandDims: (cell) => cell.tf.expandDims(cell.tensor(), cell.axis()),
  squeeze: (cell) => cell.tf.squeeze(cell.tensor(cell.shape().with(cell.axis(), 1))),
  transpose: (cell) => cell.tf.transpose(cell.tensor(), cell.draw.order(cell.rank)),
  concat: (cell) => {
    const { axis, tensors } = parts(cell, cell.draw.integer(1, 4));
    return cell.tf.concat(tensors, axis);
  },
  stack: (cell) => {
    const shape = cell.shape();
    const tensors = Array.from({ length: cell.draw.integer(1, 3) }, () => cell.tensor(shape));
    return cell.tf.stack(tensors, cell.draw.integer(0, cell.rank));
  },
  unstack: (cell) => cell.tf.unstack(cell.tensor(), cell.axis()),
  split: (cell) => {
    const { axis, tensors } = parts(cell, 1);
    const [x] = tensors;
    const first = cell.draw.integer(0, x.shape[axis]);
    return cell.tf.split(x, [first, x.shape[axis] - first], axis);
  },
  slice: (cell) => {
    const shape = cell.shape();
    const begin = shape.map((size) => cell.draw.integer(0, size - 1));
    return cell.tf.slice(
      cell.tensor(shape),
      begin,
      shape.map((size, d) => cell.draw.integer(0, size - begin[d])),
    );
  },
  stridedSlice: (cell) => {
    const shape = cell.shape();
    const { draw } = cell;
    const strides = shape.map(() => draw.pick([1, 2, 3, -1, -2]));
    const begin = shape.map((size) => draw.integer(-size - 1, size + 1));
    const end = shape.map((size) => draw.integer(-size - 1, size + 1));
    const mask = (): number => draw.integer(0, 2 ** cell.rank - 1);
    const sparse = draw.chance(0.5);
    return cell.tf.stridedSlice(cell.tensor(shape), begin, end, strides, mask(), mask(), 0, sparse ? mask() : 0, 0);
  },
  "stridedSlice that drops axes": (cell) => {
    const shape = cell.shape();
    const begin = shape.map((size) => cell.draw.integer(0, size - 1));
    const dropped = cell.draw.integer(0, 2 ** cell.rank - 1);
    const drops = shape.map((_, d) => ((dropped >> d) & 1) === 1);
    const strides = drops.map((drop) => (drop ? 1 : cell.draw.pick([1, 2])));
    const x = cell.tensor(shape);
    if (!cell.right) return cell.tf.stridedSlice(x, begin, shape, strides, 0, 0, 0, 0, dropped);
    // tfjs's CPU backend takes the begin of one axis for another, or refuses.
    const ends = shape.map((size, d) => (drops[d] ? begin[d] + 1 : size));
    const kept = cell.tf.stridedSlice(x, begin, ends, strides);
    return cell.tf.reshape(
      kept,
      kept.shape.filter((_, d) => !drops[d]),
    );
  },
  reverse: (cell) => cell.tf.reverse(cell.tensor(), cell.draw.chance(0.2) ? [] : cell.axes()),
  pad: (cell) => {
    const paddings = cell.shape().map((): [number, number] => [cell.draw.integer(0, 2), cell.draw.integer(0, 2)]);
    return cell.tf.pad(cell.tensor(), paddings, cell.draw.pick([0, 1, 7, 0.5, -3]));
  },
  "pad by less than nothing": (cell) => {
    const shape = cell.shape();
    const paddings = shape.map((): [number, number] => [cell.draw.integer(-2, 2), cell.draw.integer(-2, 2)]);
    if (shape.some((size, d) => size + Math.min(0, paddings[d][0]) + Math.min(0, paddings[d][1]) < 0)) return undefined;
    const x = cell.tensor(shape);
    if (!cell.right) return cell.tf.pad(x, paddings, 1);
    // tfjs's CPU backend writes rows into others.
    const begin = paddings.map(([before]) => Math.max(0, -before));
    const size = shape.map((all, d) => all - begin[d] - Math.max(0, -paddings[d][1]));
    const widths = paddings.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
    return cell.tf.pad(cell.tf.slice(x, begin, size), widths, 1);
  },
  mirrorPad: (cell) => {
    const mode = cell.draw.pick(["reflect", "symmetric"] as const);
    const shape = cell.shape();
    const most = mode === "reflect" ? 1 : 0;
    const paddings = shape.map((size): [number, number] => [
      cell.draw.integer(0, size - most),
      cell.draw.integer(0, size - most),
    ]);
    return cell.tf.mirrorPad(cell.tensor(shape), paddings, mode);
  },
  tile: (cell) => {
    const x = cell.tensor();
    return cell.tf.tile(
      x,
      x.shape.map(() => cell.draw.integer(1, 3)),
    );
  },
  gather: (cell) => {
    const x = cell.tensor();
    const axis = cell.axis();
    return cell.tf.gather(x, cell.indices(cell.shape(cell.draw.integer(0, 2)), 0, x.shape[axis] - 1), axis);
  },
  "gather by batches": (cell) => {
    if (cell.rank < 2) return undefined;
    const x = cell.tensor();
    if (x.size === 0) return undefined;
    return cell.tf.gather(x, cell.indices([x.shape[0], 3], 0, (x.shape[1] ?? 1) - 1), 1, 1);
  },
  gatherND: (cell) => {
    const x = cell.tensor();
    const depth = cell.draw.integer(1, cell.rank);
    const rows = cell.draw.integer(1, 4);
    const indices = Array.from({ length: rows }, () =>
      Array.from({ length: depth }, (_, d) => cell.draw.integer(0, x.shape[d] - 1)),
    );
    return cell.tf.gatherND(x, cell.tf.tensor2d(indices, [rows, depth], "int32"));
  },
  scatterND: (cell) => {
    const shape = cell.shape();
    const depth = cell.draw.integer(1, cell.rank);
    const rows = cell.draw.integer(1, 4);
    const indices = Array.from({ length: rows }, () =>
      Array.from({ length: depth }, (_, d) => cell.draw.integer(0, shape[d] - 1)),
    );
    const updates = cell.tensor([rows, ...shape.slice(depth)]);
    return cell.tf.scatterND(cell.tf.tensor2d(indices, [rows, depth], "int32"), updates, shape);
  },
  tensorScatterUpdate: (cell) => {
    const x = cell.tensor();
    const depth = cell.draw.integer(1, cell.rank);
    const rows = cell.draw.integer(1, 4);
    const indices = Array.from({ length: rows }, () =>
      Array.from({ length: depth }, (_, d) => cell.draw.integer(0, x.shape[d] - 1)),
    );
    const updates = cell.tensor([rows, ...x.shape.slice(depth)]);
    return cell.tf.tensorScatterUpdate(x, cell.tf.tensor2d(indices, [rows, depth], "int32"), updates);
  },
  sparseToDense: (cell) => {
    const [size] = cell.shape(1);
    const indices = cell.draw.order(size).slice(0, cell.draw.integer(1, size));
    const values = cell.draw.chance(0.3) ? cell.tensor([]) : cell.tensor([indices.length]);
    return cell.tf.sparseToDense(cell.tf.tensor1d(indices, "int32"), values, [size] as never, cell.tensor([]) as never);
  },
  spaceToBatchND: (cell) => {
    if (cell.rank < 2) return undefined;
    const shape = cell.shape();
    return cell.tf.spaceToBatchND(
      cell.tensor(shape.with(1, 4)),
      [2],
      [
        cell.draw.pick([
          [0, 0],
          [1, 1],
          [0, 2],
        ]),
      ],
    );
  },
  batchToSpaceND: (cell) => {
    if (cell.rank < 2) return undefined;
    return cell.tf.batchToSpaceND(
      cell.tensor(cell.shape().with(0, 4)),
      [2],
      [
        cell.draw.pick([
          [0, 0],
          [1, 0],
          [0, 1],
        ]),
      ],
    );
  },
  depthToSpace: (cell) => {
    if (cell.rank !== 4) return undefined;
    return cell.tf.depthToSpace(cell.tensor(cell.shape().with(3, 8)) as Tensor4D, 2, "NHWC");
  },
  "linalg.bandPart": (cell) => {
    if (cell.rank < 2) return undefined;
    const x = cell.tensor();
    const [rows, columns] = x.shape.slice(-2);
    return cell.tf.linalg.bandPart(x, cell.draw.integer(-1, rows), cell.draw.integer(-1, columns));
  },
  diag: (cell) => (cell.rank > 3 ? undefined : cell.tf.diag(cell.tensor())),
  oneHot: (cell) => cell.tf.oneHot(cell.indices(cell.shape(), -1, 4), 4, 3, 2, cell.dtype),
  fill: (cell) => cell.tf.fill(cell.shape(), cell.dtype === "bool" ? 1 : cell.draw.integer(-5, 5), cell.dtype),
  ones: (cell) => [cell.tf.ones(cell.shape(), cell.dtype), cell.tf.zeros(cell.shape(), cell.dtype)],
  range: (cell) => (cell.dtype === "bool" ? undefined : cell.tf.range(-3, cell.draw.integer(-2, 9), 2, cell.dtype)),
  linspace: (cell) => cell.tf.linspace(-1, cell.draw.integer(0, 5), cell.draw.integer(1, 7)),
  eye: (cell) => cell.tf.eye(3, 4, [2], cell.dtype),
  meshgrid: (cell) => cell.tf.meshgrid(cell.tensor([3]) as Tensor1D, cell.tensor([2]) as Tensor1D),
  broadcastArgs: (cell) => {
    const shape = cell.shape();
    const vector = (sizes: number[]): Tensor => cell.tf.tensor1d(sizes, "int32");
    return cell.tf.broadcastArgs(vector(shape), vector(cell.broadcastable(shape)));
  },
};
