import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { AnyLayersModel } from "../any_layers_model.ts";
import { layersInFields, type AnyLayer } from "../layers_in_fields.ts";
import { layersInside } from "../model_weights.ts";

/** What a step of a model costs, roughly, on any machine: only the proportions are used. */
export interface StepCost {
  /** Of the sums and products, for one sample. */
  readonly millisecondsPerSample: number;
  /** Of what a minibatch costs once more for each part that it is cut into: tfjs's own work for each call, and gradients. */
  readonly millisecondsPerShard: number;
}

/** Forward and backward take three times a forward pass; measured of ResNets: 30 · 10⁹ operations a second. */
const perProduct = (3 * 2) / 30e6;
/** A layer is some ten operations of tfjs, forward and backward. */
const perLayer = 0.1;
/** A time step of a recurrent layer is a hundred. */
const perTimeStep = 1.5;
/** A shard has a gradient of its own, which is written, copied and added. */
const perWeight = 10e-6;

/** Estimates a step of a model from the shapes of its layers and weights alone. */
export function stepCost(model: AnyLayersModel): StepCost {
  let products = 0;
  let calls = 0;
  let weights = 0;
  for (const layer of leaves(model as LayersModel)) {
    const { inputShapes = [], outputShapes = [] } = (layer.inboundNodes as readonly Partial<Shapes>[])[0] ?? {};
    const loops = layersInFields(layer).length > 0;
    const steps = loops ? (inputShapes[0]?.[1] ?? 1) : 1;
    const own = layer.weights.reduce((sum, { shape }) => sum + (shape.length < 2 ? 0 : product(shape)), 0);
    const kernels = layer.getClassName() === "Embedding" ? 0 : own;
    products += kernels * (loops ? steps : positions(layer, outputShapes[0] ?? []));
    calls += loops ? steps * perTimeStep : perLayer;
    weights += own;
  }
  return { millisecondsPerSample: products * perProduct, millisecondsPerShard: calls + weights * perWeight };
}

interface Shapes {
  readonly inputShapes: readonly (readonly (number | null)[])[];
  readonly outputShapes: readonly (readonly (number | null)[])[];
}

function leaves(layer: AnyLayer): AnyLayer[] {
  return layersInside(layer)?.flatMap(leaves) ?? [layer];
}

/** Where a layer puts its kernel: the pixels of its output. */
function positions(layer: AnyLayer, [, ...shape]: readonly (number | null)[]): number {
  const { dataFormat } = layer as Partial<Record<"dataFormat", unknown>>;
  return product(dataFormat === "channelsFirst" ? shape.slice(1) : shape.slice(0, -1));
}

function product(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((all, length) => all * (length ?? 1), 1);
}
