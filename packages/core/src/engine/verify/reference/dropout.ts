import { type Tensor, tensor } from "./tensor.ts";

/** What the mask depends on, beside the place in the image. */
export interface DropoutKey {
  readonly seed: number;
  readonly step: number;
  /** Index of the layer in the network. */
  readonly layer: number;
  /** Index in the data set of each image of the batch. */
  readonly sampleIndices: ArrayLike<number>;
}

/** Multiplication modulo 2^32 as the definition says it; a product of two 32-bit numbers does not fit into a float. */
function times(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) & 0xffffffffn);
}

/** lowbias32 over unsigned numbers, written without the tricks of 32-bit operators that the engine uses. */
function mix(value: number): number {
  let x = value % 2 ** 32;
  x = (x ^ Math.floor(x / 2 ** 16)) >>> 0;
  x = times(x, 0x21f0aaad);
  x = (x ^ Math.floor(x / 2 ** 15)) >>> 0;
  x = times(x, 0x735a2d97);
  return (x ^ Math.floor(x / 2 ** 15)) >>> 0;
}

/**
 * The factor of each value: 0 where it is dropped, 1 / (1 - rate) (a float32) where it is kept.
 *
 *     kept when mix(key + j · 0x9e3779b9) ≥ floor(rate · 2^32),   key = mix(mix(mix(mix(seed) + layer) + step) + sample)
 *
 * with j the place in the image, all modulo 2^32.
 */
export function dropoutMask(shape: readonly number[], rate: number, key: DropoutKey): Float64Array {
  const { data } = tensor(shape);
  const perImage = data.length / shape[0];
  const scale = Math.fround(1 / (1 - rate));
  const threshold = Math.floor(rate * 2 ** 32);
  for (let n = 0; n < shape[0]; n++) {
    const imageKey = mix(mix(mix(mix(key.seed) + key.layer) + key.step) + key.sampleIndices[n]);
    for (let j = 0; j < perImage; j++) {
      const draw = mix(imageKey + times(j, 0x9e3779b9));
      data[n * perImage + j] = draw >= threshold ? scale : 0;
    }
  }
  return data;
}

/** y = x · mask. The gradient is the same function of dy. */
export function dropout(x: Tensor, mask: Float64Array): Tensor {
  return tensor(
    x.shape,
    x.data.map((value, i) => value * mask[i]),
  );
}
