/**
 * Sums vectors in place, in the order of the shards' tree: level k adds vector i + 2^k to vector i, for i a multiple of
 * 2^(k+1); a missing partner passes through. In float32, as the kernels do it.
 *
 * @returns the first vector, which holds the sum
 */
export function treeSum(vectors: readonly Float32Array[]): Float32Array {
  for (let step = 1; step < vectors.length; step *= 2) {
    for (let i = 0; i + step < vectors.length; i += 2 * step) {
      const target = vectors[i];
      const source = vectors[i + step];
      for (let j = 0; j < target.length; j++) target[j] += source[j];
    }
  }
  return vectors[0];
}
