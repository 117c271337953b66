// oxlint-disable typescript/no-unsafe-type-assertion -- tfjs types each rank apart, and these are drawn
import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { type Operation, type Operations, types } from "./cell.ts";

const unaryNames = [
  "abs",
  "acos",
  "acosh",
  "asin",
  "asinh",
  "atan",
  "atanh",
  "ceil",
  "clone",
  "cos",
  "cosh",
  "elu",
  "erf",
  "exp",
  "expm1",
  "floor",
  "isFinite",
  "isInf",
  "isNaN",
  "leakyRelu",
  "log",
  "log1p",
  "logSigmoid",
  "logicalNot",
  "neg",
  "onesLike",
  "reciprocal",
  "relu",
  "relu6",
  "round",
  "rsqrt",
  "selu",
  "sigmoid",
  "sign",
  "sin",
  "sinh",
  "softplus",
  "sqrt",
  "square",
  "step",
  "tan",
  "tanh",
  "zerosLike",
] as const satisfies readonly (keyof TensorFlow)[];

const binaryNames = [
  "add",
  "sub",
  "mul",
  "div",
  "divNoNan",
  "floorDiv",
  "mod",
  "pow",
  "maximum",
  "minimum",
  "squaredDifference",
  "atan2",
  "prelu",
  "equal",
  "notEqual",
  "greater",
  "greaterEqual",
  "less",
  "lessEqual",
  "logicalAnd",
  "logicalOr",
  "logicalXor",
  "bitwiseAnd",
] as const satisfies readonly (keyof TensorFlow)[];

type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

const unary =
  (name: (typeof unaryNames)[number]): Operation =>
  (cell) =>
    (cell.tf[name] as Unary)(cell.tensor());

/** Equal shapes, one of them broadcast, both broadcast, or a scalar. */
const binary =
  (name: (typeof binaryNames)[number], mixed: boolean): Operation =>
  (cell) => {
    const { draw, tf, dtype } = cell;
    const shape = cell.shape();
    const left = draw.chance(0.5) ? shape : cell.broadcastable(shape);
    const right = draw.chance(0.4) ? shape : draw.chance(0.2) ? [] : cell.broadcastable(shape);
    return (tf[name] as Binary)(cell.tensor(left), cell.tensor(right, mixed ? draw.pick(types) : dtype));
  };

export const elementwiseOperations: Operations = {
  ...Object.fromEntries(unaryNames.map((name) => [name, unary(name)])),
  ...Object.fromEntries(binaryNames.map((name) => [name, binary(name, false)])),
  ...Object.fromEntries(binaryNames.map((name) => [`${name} of two types`, binary(name, true)])),
  cast: (cell) => types.map((dtype) => cell.tf.cast(cell.tensor(), dtype)),
  clipByValue: (cell) => cell.tf.clipByValue(cell.tensor(), -2, 2),
  addN: (cell) => {
    const shape = cell.shape();
    return cell.tf.addN([cell.tensor(shape), cell.tensor(shape), cell.tensor(shape)]);
  },
  where: (cell) => {
    const shape = cell.shape();
    // tfjs-core broadcasts an axis of size 0 to one of size 1, which has a value that nobody gave.
    if (cell.numbers === "none")
      return cell.tf.where(cell.tensor(shape, "bool"), cell.tensor(shape), cell.tensor(shape));
    const [a, b, c] = [1, 2, 3].map(() => (cell.draw.chance(0.4) ? shape : cell.broadcastable(shape)));
    return cell.tf.where(cell.tensor(a, "bool"), cell.tensor(b), cell.tensor(c));
  },
  "where by rows": (cell) => {
    const shape = cell.shape();
    const [condition, t, e] = [cell.tensor([shape[0]], "bool"), cell.tensor(shape), cell.tensor(shape)];
    // tfjs's CPU backend fills a row with one value.
    const column = [shape[0], ...shape.slice(1).map(() => 1)];
    if (cell.right) return cell.tf.where(cell.tf.reshape(condition, column), t, e);
    return cell.tf.engine().runKernel<Tensor>("Select", { condition, t, e });
  },
  broadcastTo: (cell) => {
    const shape = cell.shape();
    return cell.tf.broadcastTo(cell.tensor(cell.broadcastable(shape)), shape);
  },
};
