import type { Tensor } from "@tensorflow/tfjs-core";

/** Copies the stretch that begins at `start` of some tensors, one after the other, and fills `out` with it. */
export function copyStretch(tensors: readonly Tensor[], start: number, out: Float32Array): void {
  let offset = -start;
  for (const tensor of tensors) {
    const from = Math.max(0, -offset);
    const to = Math.min(tensor.size, out.length - offset);
    if (from < to) out.set(tensor.dataSync<"float32">().subarray(from, to), offset + from);
    offset += tensor.size;
  }
}
