import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, Inputs, KernelContext, TfjsKernel } from "../kernel_context.ts";
import { einsumEquation } from "./einsum_equation.ts";

/** A tensor and the equation's number for each of its axes. */
interface Term {
  readonly tensor: TensorInfo;
  readonly axes: readonly number[];
  /** Whether it was made here, so that it can be given back. */
  readonly own: boolean;
}

/**
 * Einstein summation of one or two tensors.
 *
 *     y[output axes] = Σ over all other axes of a[its axes] · b[its axes]
 *
 * Shape: as the equation says, "bij,bjk->bik" for a batch product.
 * tfjs's backend lacks it. Float32 sums over an axis that both tensors have are a batch product of matrices, unless all
 * axes of both are in it; anything else is a product of numbers, then a sum.
 */
export const einsum: TfjsKernel = (context, inputs, attributes) => {
  const tensors = Object.values(inputs);
  const { terms, outputRank } = einsumEquation(context.tf, attributes["equation"] as string, tensors);
  const [a, b] = tensors.map((tensor, n): Term => ({ tensor, axes: terms[n], own: false }));
  const isOutput = (axis: number): boolean => axis < outputRank;
  let result: Term;
  if (tensors.length === 1) {
    result = sumExcept(context, a, isOutput);
  } else {
    const dtype = productType(context, a, b);
    result = contract(
      context,
      sumExcept(context, cast(context, a, dtype), (axis) => isOutput(axis) || b.axes.includes(axis)),
      sumExcept(context, cast(context, b, dtype), (axis) => isOutput(axis) || a.axes.includes(axis)),
      isOutput,
    );
  }
  const ordered = transpose(context, result, ascending(result.axes));
  return ordered.own ? ordered.tensor : context.run("Identity", { x: ordered.tensor });
};

function contract(context: KernelContext, a: Term, b: Term, isOutput: (axis: number) => boolean): Term {
  const left = a.axes.filter((axis) => !b.axes.includes(axis));
  const right = b.axes.filter((axis) => !a.axes.includes(axis));
  const inner = a.axes.filter((axis) => b.axes.includes(axis) && !isOutput(axis));
  const batch = a.axes.filter((axis) => b.axes.includes(axis) && isOutput(axis));
  if (inner.length === 0 || left.length + right.length === 0 || a.tensor.dtype !== "float32") {
    const order = [...ascending([...batch, ...left, ...right]), ...inner];
    return sumExcept(context, multiply(context, a, b, order), isOutput);
  }
  // (a · b)ᵀ = bᵀ · aᵀ: the one whose axes come first in the result.
  if (Math.min(...right) < Math.min(...left))
    return contractMatrices(context, b, a, { batch, left: right, inner, right: left });
  return contractMatrices(context, a, b, { batch, left, inner, right });
}

interface Axes {
  readonly batch: readonly number[];
  readonly left: readonly number[];
  readonly inner: readonly number[];
  readonly right: readonly number[];
}

function contractMatrices(context: KernelContext, a: Term, b: Term, { batch, left, inner, right }: Axes): Term {
  const transposeA = same(a.axes, [...batch, ...inner, ...left]);
  const transposeB = same(b.axes, [...batch, ...right, ...inner]);
  const [leftTerm, sizesA] = matrices(context, a, batch, transposeA ? inner : left, transposeA ? left : inner);
  const [rightTerm, sizesB] = matrices(context, b, batch, transposeB ? right : inner, transposeB ? inner : right);
  const product = context.run(
    "BatchMatMul",
    { a: reshaped(leftTerm.tensor, sizesA), b: reshaped(rightTerm.tensor, sizesB) },
    { transposeA, transposeB },
  );
  const axes = [...batch, ...left, ...right];
  const shape = axes.map((axis) => sizeOf(leftTerm, axis) ?? sizeOf(rightTerm, axis) ?? 1);
  release(context, leftTerm);
  release(context, rightTerm);
  return { tensor: reshaped(product, shape), axes, own: true };
}

/** Brings the axes into order, and gives the shape of the batch of matrices that they then are. */
function matrices(
  context: KernelContext,
  term: Term,
  ...groups: (readonly number[])[]
): [ordered: Term, shape: number[]] {
  const shape = groups.map((axes) => axes.reduce((product, axis) => product * (sizeOf(term, axis) ?? 1), 1));
  return [transpose(context, term, groups.flat()), shape];
}

/** Numbers of the two, which are repeated along the axes that one of them lacks. */
function multiply(context: KernelContext, a: Term, b: Term, order: readonly number[]): Term {
  const spread = (term: Term): [Term, TensorInfo] => {
    const ordered = transpose(
      context,
      term,
      order.filter((axis) => term.axes.includes(axis)),
    );
    return [
      ordered,
      reshaped(
        ordered.tensor,
        order.map((axis) => sizeOf(ordered, axis) ?? 1),
      ),
    ];
  };
  const [left, x] = spread(a);
  const [right, y] = spread(b);
  const tensor = context.run("Multiply", { a: x, b: y });
  release(context, left);
  release(context, right);
  return { tensor, axes: order, own: true };
}

function sumExcept(context: KernelContext, term: Term, kept: (axis: number) => boolean): Term {
  const axis = term.axes.flatMap((number, position) => (kept(number) ? [] : [position]));
  return axis.length === 0 ? term : next(context, term, "Sum", { axis, keepDims: false }, term.axes.filter(kept));
}

function transpose(context: KernelContext, term: Term, axes: readonly number[]): Term {
  if (same(term.axes, axes)) return term;
  return next(context, term, "Transpose", { perm: axes.map((axis) => term.axes.indexOf(axis)) }, axes);
}

function cast(context: KernelContext, term: Term, dtype: DataType): Term {
  return term.tensor.dtype === dtype ? term : next(context, term, "Cast", { dtype }, term.axes);
}

/** Truth values are counted. */
function productType(context: KernelContext, a: Term, b: Term): DataType {
  const dtype = context.tf.upcastType(a.tensor.dtype, b.tensor.dtype);
  return dtype === "bool" ? "int32" : dtype;
}

function next(
  context: KernelContext,
  from: Term,
  kernelName: string,
  attributes: Attributes,
  axes: readonly number[],
): Term {
  const inputs: Inputs = { x: from.tensor };
  const tensor = context.run(kernelName, inputs, attributes);
  release(context, from);
  return { tensor, axes, own: true };
}

function release(context: KernelContext, term: Term): void {
  if (term.own) context.release(term.tensor);
}

function sizeOf({ tensor, axes }: Term, axis: number): number | undefined {
  return tensor.shape[axes.indexOf(axis)];
}

const ascending = (axes: readonly number[]): number[] => axes.toSorted((x, y) => x - y);

const same = (some: readonly number[], others: readonly number[]): boolean =>
  some.every((axis, position) => axis === others[position]);

/** The same numbers in another shape. */
const reshaped = ({ dataId, dtype }: TensorInfo, shape: number[]): TensorInfo => ({ dataId, dtype, shape });
