import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { Draw } from "@convoy/core/test/draw";

export const types = ["float32", "int32", "bool"] as const;
export type CellType = (typeof types)[number];

/** What tensors hold: small numbers; also NaN, infinities, zeros of both signs and the ends of the integers; or nothing. */
export type Numbers = "plain" | "special" | "none";

const specialFloats = [NaN, Infinity, -Infinity, -0, 0, 1e30, -1e30, 0.5, -0.5];
const specialIntegers = [-(2 ** 31), 2 ** 31 - 1, 2 ** 24 + 1, -(2 ** 24) - 1, 0, -1, 256, 65_536];

/**
 * One call of an operation: with tensors of this type and rank, which are drawn by a seed, so that each backend gets the
 * same ones.
 */
export class Cell {
  readonly tf: TensorFlow;
  readonly dtype: CellType;
  readonly rank: number;
  readonly numbers: Numbers;
  readonly draw: Draw;

  constructor(tf: TensorFlow, dtype: CellType, rank: number, numbers: Numbers, seed: number) {
    this.tf = tf;
    this.dtype = dtype;
    this.rank = rank;
    this.numbers = numbers;
    this.draw = new Draw(seed);
  }

  /** Whether the result is compared with: tfjs's CPU backend, or something independent where that is wrong. */
  get right(): boolean {
    return this.tf.getBackend() === "cpu";
  }

  /** Of the cell's rank, if not of another. */
  shape(rank: number = this.rank): number[] {
    const largest = rank > 4 ? 3 : 5;
    const sizes = Array.from({ length: rank }, () => this.draw.integer(1, largest));
    return this.numbers === "none" && rank > 0 ? sizes.with(this.draw.integer(0, rank - 1), 0) : sizes;
  }

  axis(): number {
    return this.draw.integer(0, this.rank - 1);
  }

  /** Some axes, at least one, in order. */
  axes(): number[] {
    const count = this.draw.integer(1, this.rank);
    return this.draw
      .order(this.rank)
      .slice(0, count)
      .toSorted((a, b) => a - b);
  }

  tensor(
    shape: readonly number[] = this.shape(),
    dtype: CellType = this.dtype,
    numbers: Numbers = this.numbers,
  ): Tensor {
    const size = shape.reduce((a, b) => a * b, 1);
    const { draw } = this;
    const special = numbers === "special";
    const values = Array.from({ length: size }, () => {
      if (dtype === "bool") return draw.integer(0, 1);
      if (special && draw.chance(0.3)) return draw.pick(dtype === "int32" ? specialIntegers : specialFloats);
      return dtype === "int32" ? draw.integer(-9, 9) : draw.uniform(-4, 4);
    });
    return this.tf.tensor(values, [...shape], dtype);
  }

  /** A shape that can be broadcast to this one: axes of size 1, outer ones left out. */
  broadcastable(shape: readonly number[]): number[] {
    const sizes = shape.map((size) => (this.draw.chance(0.3) ? 1 : size));
    return sizes.slice(this.draw.chance(0.3) ? this.draw.integer(0, sizes.length - 1) : 0);
  }

  /** Whole numbers from low to high, both included. */
  indices(shape: readonly number[], low: number, high: number): Tensor {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: size }, () => this.draw.integer(low, high));
    return this.tf.tensor(values, [...shape], "int32");
  }
}

/** Undefined where the operation takes no tensors of that type and rank at all. */
export type Operation = (cell: Cell) => Tensor | readonly Tensor[] | undefined;
export type Operations = Readonly<Record<string, Operation>>;
