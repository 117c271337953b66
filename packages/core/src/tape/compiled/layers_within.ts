import type { LayersModel } from "@tensorflow/tfjs-layers";

export type AnyLayer = LayersModel["layers"][number];

/**
 * Every layer that a model computes with: its own, those of models inside, those inside wrappers, the cells of recurrent
 * layers. Their order depends on the model alone, so that a layer has the same place in every thread.
 */
export function layersWithin(model: LayersModel): AnyLayer[] {
  const found = new Set<AnyLayer>();
  const visit = (layer: AnyLayer): void => {
    if (found.has(layer)) return;
    found.add(layer);
    for (const value of Object.values(layer) as unknown[]) {
      for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (isLayer(each)) visit(each);
    }
  };
  visit(model);
  return [...found];
}

function isLayer(value: unknown): value is AnyLayer {
  if (typeof value !== "object" || value === null) return false;
  return ["call", "getClassName", "getConfig", "inboundNodes"].every((member) => member in value);
}
