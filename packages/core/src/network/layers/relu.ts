import type { LayerDefinition } from "./definition.ts";
import type { ReluLayer } from "./layer.ts";
import { checkOptions } from "./options.ts";
import { shapeSize } from "./shape.ts";

/**
 * Negative values become zero.
 *
 *     y = max(x, 0)
 *
 * Shape: any; unchanged.
 *
 * Gradient: passes where x > 0; zero elsewhere, also at x = 0.
 *
 * @throws `LAYER_OPTION` for any option: there are none
 *
 * @example
 * relu()
 */
export function relu(options: Readonly<Record<string, never>> = {}): ReluLayer {
  checkOptions("relu", options, []);
  return { kind: "relu" };
}

export const reluDefinition: LayerDefinition<ReluLayer> = {
  outputShape: (_, input) => input,
  parameters: () => [],
  flops: (_layer, _input, output) => shapeSize(output),
};
