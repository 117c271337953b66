import { mix, randomUint32 } from "@convoy/core/replica";
import type { DropoutKey } from "../dropout_mask.ts";

/** Of sixteen bits each; their sum has mean 6 and variance 1 after division by 2^16. */
const uniforms = 12;

/**
 * Noise that is near to normal, with mean 0 and deviation 1: the sum of twelve uniform numbers, less 6. Of integers alone,
 * so that every machine draws the same bits; no value is beyond ±6. Shape: [samples, size].
 *
 * Source: the Irwin-Hall distribution, Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, 26.9
 */
export function keyedNoise(
  key: Omit<DropoutKey, "rate">,
  samples: readonly number[],
  size: number,
): Float32Array<ArrayBuffer> {
  const noise = new Float32Array(samples.length * size);
  for (const [n, sample] of samples.entries()) {
    const sampleKey = randomUint32(key.seed, key.layer, key.step, sample);
    for (let j = 0; j < size; j++) {
      let draw = mix(sampleKey + Math.imul(j, 0x9e3779b9));
      let sum = 0;
      for (let i = 0; i < uniforms; i += 2) {
        sum += (draw >>> 16) + (draw & 0xffff) + 1;
        draw = mix(draw + 0x9e3779b9);
      }
      noise[n * size + j] = sum / 2 ** 16 - uniforms / 2;
    }
  }
  return noise;
}
