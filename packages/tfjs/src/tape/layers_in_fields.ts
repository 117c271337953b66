import type { LayersModel } from "@tensorflow/tfjs-layers";

export type AnyLayer = LayersModel["layers"][number];

/** Layers that a layer holds: those of a model, the one inside a wrapper, the cells of a recurrent layer. */
export function layersInFields(layer: AnyLayer): AnyLayer[] {
  return Object.values(layer).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isLayer));
}

function isLayer(value: unknown): value is AnyLayer {
  if (typeof value !== "object" || value === null) return false;
  return ["call", "getClassName", "getConfig", "inboundNodes"].every((member) => member in value);
}
