import { tensor } from "@tensorflow/tfjs-core";
import type { LayersModel, Sequential } from "@tensorflow/tfjs-layers";
import { TfjsError } from "../errors.ts";
import { importLayers } from "./import_layers.ts";
import { layersInside, modelWeights } from "./model_weights.ts";

/** A weight that is not trained, and its values: little-endian float32 in base64. */
interface FrozenWeight {
  /** Place among `modelWeights`. */
  readonly place: number;
  readonly values: string;
}

interface Topology {
  readonly modelTopology: object;
  readonly frozenWeights?: readonly FrozenWeight[];
}

/** The model as text, with the values of its frozen weights and without those of the others. */
export function writeTopology(model: LayersModel): string {
  const trainable = new Set(model.trainableWeights);
  const frozenWeights: FrozenWeight[] = [];
  for (const [place, weight] of modelWeights(model).entries()) {
    if (trainable.has(weight)) continue;
    const values = weight.read().dataSync<"float32">();
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    frozenWeights.push({ place, values: bytes.toString("base64") });
  }
  const topology: Topology = { modelTopology: model.toJSON(undefined, false) as object, frozenWeights };
  return JSON.stringify(topology);
}

/**
 * The model of a topology, which `writeTopology` wrote or `model.toJSON()` gave. Its trainable weights are zero.
 *
 * @throws `TAPE_MODEL` when the text describes no tfjs-layers model; `TAPE_FROZEN` when weights are frozen whose values
 * the text does not hold
 */
export async function readTopology(text: string): Promise<LayersModel> {
  const { models } = await importLayers();
  let model: LayersModel;
  let frozenWeights: readonly FrozenWeight[];
  try {
    const json = JSON.parse(text, zerosForInitializers) as object;
    const topology: Topology = "modelTopology" in json ? (json as Topology) : { modelTopology: json };
    frozenWeights = topology.frozenWeights ?? [];
    model = await models.modelFromJSON({ modelTopology: topology.modelTopology as never });
  } catch (cause) {
    throw new TfjsError(
      "TAPE_MODEL",
      `the topology is not that of a tfjs-layers model (${String(cause)}). Take layersModelSpec(model) or ` +
        "model.toJSON(), of layers that tfjs-layers itself has.",
      { cause },
    );
  }
  freeze(model, frozenWeights);
  return model;
}

/** Weights that are about to be loaded need no random numbers; some initializers do not even run without all of tfjs. */
export function zerosForInitializers(key: string, value: unknown): unknown {
  const isInitializer = /initializer$/i.test(key) && typeof value === "object" && value !== null;
  return isInitializer ? { class_name: "Zeros", config: {} } : value;
}

function freeze(model: LayersModel, frozenWeights: readonly FrozenWeight[]): void {
  build(model);
  const weights = modelWeights(model);
  const known = new Set<unknown>();
  for (const { place, values } of frozenWeights) {
    const weight = weights[place];
    const floats = new Float32Array(new Uint8Array(Buffer.from(values, "base64")).buffer);
    const copy = tensor(floats, weight.shape as number[]);
    weight.write(copy);
    copy.dispose();
    weight.trainable = false;
    known.add(weight);
  }
  const trainable = new Set(model.trainableWeights);
  const unknown = weights.filter((weight) => !trainable.has(weight) && !known.has(weight));
  if (unknown.length === 0) return;
  model.dispose();
  throw new TfjsError(
    "TAPE_FROZEN",
    `the topology has frozen weights without their values: ${unknown.map(({ originalName }) => originalName).join(", ")}. ` +
      "Take the topology that layersModelSpec(model) gives, which holds them.",
  );
}

/** A tfjs Sequential finishes itself on its first call, and then makes all of its weights trainable. */
export function build(layer: LayersModel["layers"][number]): void {
  const inside = layersInside(layer);
  if (inside === undefined) return;
  for (const each of inside) build(each);
  if (!layer.built) (layer as Sequential).build();
}
