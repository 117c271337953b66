import { mix, randomUint32 } from "@convoy/core/replica";

/** Where a mask is drawn for: see `dropout` in assembly/step/elementwise.ts, which draws the same one. */
export interface DropoutKey {
  readonly seed: number;
  /** Place in the model's list of layers. */
  readonly layer: number;
  readonly step: number;
  readonly rate: number;
}

/** 0 where a value is dropped, 1 / (1 - rate) where it is kept. Shape: [samples, size]. */
export function dropoutMask(key: DropoutKey, samples: readonly number[], size: number): Float32Array {
  const threshold = Math.floor(key.rate * 2 ** 32);
  const scale = Math.fround(1 / (1 - key.rate));
  const mask = new Float32Array(samples.length * size);
  for (const [n, sample] of samples.entries()) {
    const imageKey = randomUint32(key.seed, key.layer, key.step, sample);
    for (let j = 0; j < size; j++) {
      const draw = mix(imageKey + Math.imul(j, 0x9e3779b9));
      mask[n * size + j] = draw >= threshold ? scale : 0;
    }
  }
  return mask;
}
