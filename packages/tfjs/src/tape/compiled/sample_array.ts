import type { Tensor } from "@tensorflow/tfjs-core";
import type { Backend } from "@convoy/core/engine";

/** Samples of one input or target, one after the other. May lie in a SharedArrayBuffer. */
export interface SampleArray {
  readonly values: Float32Array | Int32Array | Uint8Array;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly count: number;
  /** Bytes become byte · scale + shift, in float32. Default: the byte itself. */
  readonly scale?: number;
  readonly shift?: number;
}

/** Copies samples into a tensor: int32 of integers, else float32. Shape: [samples, ...shape]. */
export function gatherSamples(tf: Backend["tf"], array: SampleArray, samples: readonly number[]): Tensor {
  const { values, shape, scale = 1, shift = 0 } = array;
  const size = shape.reduce((product, length) => product * length, 1);
  const out =
    values instanceof Int32Array ? new Int32Array(samples.length * size) : new Float32Array(samples.length * size);
  for (const [n, sample] of samples.entries()) {
    out.set(values.subarray(sample * size, (sample + 1) * size), n * size);
  }
  if (values instanceof Uint8Array && (scale !== 1 || shift !== 0)) {
    const multiplier = Math.fround(scale);
    const offset = Math.fround(shift);
    for (let i = 0; i < out.length; i++) out[i] = Math.fround(Math.fround(out[i] * multiplier) + offset);
  }
  return tf.tensor(out, [samples.length, ...shape], out instanceof Int32Array ? "int32" : "float32");
}
