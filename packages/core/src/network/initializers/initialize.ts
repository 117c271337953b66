import type { ParameterSpec } from "../layers/built_layer.ts";
import { PURPOSE, randomUint32 } from "../random/random_uint32.ts";
import { limits } from "./initializers.ts";

/**
 * The first weights of a model: uniform in [-limit, limit), with the limit of each tensor's initializer.
 *
 *     w = limit * (floor(u / 2^8) / 2^23 - 1)        u = randomUint32(seed, PURPOSE.initialize, parameter, element)
 *
 * Only integers and exactly rounded float32 operations, so that every machine starts from the same bits.
 *
 * @param parameters the tensors in the order of the flat vector
 * @param seed 0 to 2^32 - 1
 *
 * Shape: one float for each element of each parameter, at the parameter's offset.
 *
 * @example
 * const weights = initialize(model.parameters, 1)
 */
export function initialize(parameters: readonly ParameterSpec[], seed: number): Float32Array {
  const weights = new Float32Array(parameters.reduce((count, parameter) => count + parameter.size, 0));
  for (const [index, { offset, size, initializer, fanIn, fanOut }] of parameters.entries()) {
    const limit = Math.fround(limits[initializer]({ fanIn, fanOut }));
    if (limit === 0) continue;
    for (let element = 0; element < size; element++) {
      // 24 bits are as many as a float32 holds: the fraction is exact, and the product rounds to below the limit.
      const fraction = (randomUint32(seed, PURPOSE.initialize, index, element) >>> 8) / 2 ** 23 - 1;
      weights[offset + element] = limit * fraction;
    }
  }
  return weights;
}
