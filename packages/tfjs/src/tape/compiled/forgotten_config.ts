import type { LayersModel } from "@tensorflow/tfjs-layers";
import { layersWithin } from "./layers_within.ts";

/** What `getConfig` of tfjs-layers leaves out, so that a layer built from it would be another one. */
const forgotten: Readonly<Record<string, string>> = {
  SeparableConv2D: "depthMultiplier",
  AlphaDropout: "noiseShape",
};

/** The model as JSON, with everything that its layers were made with. */
export function completeTopology(model: LayersModel): string {
  const incomplete = layersWithin(model).filter((layer) => Object.hasOwn(forgotten, layer.getClassName()));
  for (const layer of incomplete) {
    const option = forgotten[layer.getClassName()];
    const config = layer.getConfig();
    layer.getConfig = () => ({ ...config, [option]: layer[option as keyof typeof layer] as never });
  }
  try {
    return JSON.stringify(model.toJSON(undefined, false));
  } finally {
    for (const layer of incomplete) delete (layer as Partial<typeof layer>).getConfig;
  }
}
