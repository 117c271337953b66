import type { LayersModel } from "@tensorflow/tfjs-layers";
import { layersInFields, type AnyLayer } from "../layers_in_fields.ts";

/**
 * Every layer that a model computes with: its own, those of models inside, those inside wrappers, the cells of recurrent
 * layers. Their order depends on the model alone, so that a layer has the same place in every thread.
 */
export function layersWithin(model: LayersModel): AnyLayer[] {
  const found = new Set<AnyLayer>();
  const visit = (layer: AnyLayer): void => {
    if (found.has(layer)) return;
    found.add(layer);
    layersInFields(layer).forEach(visit);
  };
  visit(model);
  return [...found];
}
