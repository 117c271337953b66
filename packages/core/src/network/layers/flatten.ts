import type { LayerDefinition } from "./definition.ts";
import type { FlattenLayer } from "./layer.ts";
import { checkOptions } from "./options.ts";
import { shapeSize } from "./shape.ts";

/**
 * Turns an image into one row of features, in the order it lies in memory: row, column, channel.
 *
 *     y[(h * W + w) * C + c] = x[h, w, c]
 *
 * Shape: [H, W, C] → [H * W * C]; [features] → [features].
 *
 * @throws `LAYER_OPTION` for any option: there are none
 *
 * @example
 * flatten()
 */
export function flatten(options: Readonly<Record<string, never>> = {}): FlattenLayer {
  checkOptions("flatten", options, []);
  return { kind: "flatten" };
}

export const flattenDefinition: LayerDefinition<FlattenLayer> = {
  outputShape: (_, input) => [shapeSize(input)],
  parameters: () => [],
  flops: () => 0,
};
