import type { Tensor } from "@tensorflow/tfjs-core";
import type { Backend, WasmBackend } from "@convoy/core/engine";

/**
 * A tensor's numbers where they are, until the memory grows or the tensor is disposed: `dataSync` would copy them, which a
 * step cannot afford for all weights and what the optimizer remembers of them.
 */
export function numbersOf(tf: Backend["tf"], tensor: Tensor): Float32Array {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tfjs types its backends as KernelBackend
  return (tf.backend() as unknown as WasmBackend).typedArrayFromHeap(tensor) as Float32Array;
}

/** Copies the stretch that begins at `start` of some tensors, one after the other, and fills `out` with it. */
export function copyStretch(tf: Backend["tf"], tensors: readonly Tensor[], start: number, out: Float32Array): void {
  let offset = -start;
  for (const tensor of tensors) {
    const from = Math.max(0, -offset);
    const to = Math.min(tensor.size, out.length - offset);
    if (from < to) out.set(numbersOf(tf, tensor).subarray(from, to), offset + from);
    offset += tensor.size;
  }
}
