import { linear } from "./linear.ts";
import { relu } from "./relu.ts";
import { relu6 } from "./relu6.ts";

/** Those that are layers as well: each is one file, and one line here. */
export const activationLayers = { relu, relu6 } as const;

/** All activations that a layer can end with. */
export const activations = { linear, ...activationLayers } as const;

export type Activation = keyof typeof activations;

/** Whether a layer is an activation alone: its kind is then the activation's name. */
export function isActivation<Each extends { readonly kind: string }>(
  layer: Each,
): layer is Each & { readonly kind: keyof typeof activationLayers } {
  return Object.hasOwn(activationLayers, layer.kind);
}
