import { CoreError } from "../../errors.ts";
import { activationLayers } from "../activations/activations.ts";
import { type ConfigOf, restoreConfig } from "../options/kind.ts";
import { averagePool2d } from "./average_pool2d.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import type { LayerRules } from "./layer_kind.ts";
import { maxPool2d } from "./max_pool2d.ts";

/** All kinds of layers: each is one file, and one line here. */
export const layers = { conv2d, maxPool2d, averagePool2d, ...activationLayers, flatten, dense, dropout } as const;

/** Layers are plain data, so that they can be posted to threads and stored in a file. */
export type Layer = ConfigOf<(typeof layers)[keyof typeof layers]>;

/** What is known of the layer's kind. */
export function rulesOf({ kind }: Layer): LayerRules<Layer> {
  return layers[kind];
}

/**
 * Checks a layer that comes from a file, a message or plain JavaScript, as strictly as its constructor does.
 *
 * @throws `LAYER_KIND` when it is no layer; `LAYER_OPTION` when one of its options is unknown or impossible
 */
export function restoreLayer(value: unknown): Layer {
  return restoreConfig<Layer>(
    layers,
    value,
    (came) =>
      new CoreError(
        "LAYER_KIND",
        `a layer must be one of ${Object.keys(layers).join(", ")}; got ${came}. ` +
          `Make layers with the functions of these names.`,
      ),
  );
}
