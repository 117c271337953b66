import { tensor as tensorOf, type Tensor } from "@tensorflow/tfjs-core";
import type { ExecutionContext } from "ava";
import { relativeDistance } from "@convoy/core/test/reference";
import type { Draw } from "@convoy/core/test/draw";

export interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Sizes around those of a tile and of a block, and around 48, where the stock kernel cuts its blocks. */
export function randomProduct(draw: Draw): Product {
  return {
    batch: draw.pick([1, 1, 3]),
    rows: draw.integer(1, 14),
    inner: draw.pick([1, 2, 5, 47, 48, 49, 130, 256, 257, 520]),
    columns: draw.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 23, 255, 256, 257, 264]),
    transposeA: draw.chance(0.5),
    transposeB: draw.chance(0.5),
  };
}

export function expectedProduct(a: Float32Array, b: Float32Array, product: Product): Float64Array {
  const { batch, rows, inner, columns, transposeA, transposeB } = product;
  const y = new Float64Array(batch * rows * columns);
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < rows; m++) {
      for (let k = 0; k < columns; k++) {
        for (let i = 0; i < inner; i++) {
          const left = a[n * rows * inner + (transposeA ? i * rows + m : m * inner + i)];
          const right = b[n * inner * columns + (transposeB ? k * inner + i : i * columns + k)];
          y[(n * rows + m) * columns + k] += left * right;
        }
      }
    }
  }
  return y;
}

export function operands(
  draw: Draw,
  product: Product,
): { a: Float32Array; b: Float32Array; shapeA: number[]; shapeB: number[] } {
  const { batch, rows, inner, columns, transposeA, transposeB } = product;
  return {
    a: Float32Array.from(draw.floats(batch * rows * inner)),
    b: Float32Array.from(draw.floats(batch * inner * columns)),
    shapeA: transposeA ? [batch, inner, rows] : [batch, rows, inner],
    shapeB: transposeB ? [batch, columns, inner] : [batch, inner, columns],
  };
}

export function agrees(t: ExecutionContext, found: Tensor, expected: ArrayLike<number>, about: unknown): void {
  const distance = relativeDistance(found.dataSync(), expected);
  t.true(distance < 1e-5, `${distance} ${JSON.stringify(about)}`);
}

export const size = (shape: readonly number[]): number => shape.reduce((count, length) => count * length, 1);

export function tensor(draw: Draw, shape: number[]): Tensor {
  return tensorOf(Float32Array.from(draw.floats(size(shape))), shape);
}
