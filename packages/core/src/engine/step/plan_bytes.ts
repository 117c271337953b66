import { buildLayers } from "../../network/layers/build.ts";
import { shapeSize } from "../../network/layers/shape.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import { blocksOf, needsInputGradient } from "./blocks.ts";

/**
 * Bytes that a planned replica takes at the least: parameters, and activations of so many images with their gradients. So what
 * can never fit is known before anything is allocated; the plan itself takes more, for packed weights and partial sums.
 *
 * @param capacity the most images in one call
 *
 * @throws as `buildLayers` does
 */
export function planBytes(model: SequentialConfig, capacity: number, forwardOnly = false): number {
  const layers = buildLayers(model.inputShape, model.layers);
  const parameters = layers.flatMap((layer) => layer.parameters).reduce((sum, { size }) => sum + size, 0);
  const blocks = blocksOf(layers);
  const values = blocks.reduce((sum, { outputShape }, i) => {
    const copies = !forwardOnly && needsInputGradient(blocks, i + 1) ? 2 : 1;
    return sum + copies * shapeSize(outputShape);
  }, shapeSize(model.inputShape));
  return 4 * (parameters + capacity * values);
}
