import type { LayersModel } from "@tensorflow/tfjs-layers";

/** Whether a batch normalization has its numbers for good. One without scale and offset has no weight to tell it by. */
export function isFrozen(
  { weights, trainable: ownChoice }: LayersModel["layers"][number],
  trainable: ReadonlySet<unknown>,
): boolean {
  const statistics = 2;
  return !weights.some((weight) => trainable.has(weight)) && (weights.length > statistics || !ownChoice);
}
