import { winogradTile } from "../src/engine/emit/winograd/choice.ts";
import type { Sequential } from "../src/model/sequential.ts";
import { Draw } from "./draw.ts";
import { type RandomNetwork, randomNetwork } from "./random_network.ts";

/**
 * A random network with weights and pixels of so few digits that float32 and float64 compute the same numbers: cells
 * of a pool are equal, and values are zero, as often as chance will have it.
 *
 * @returns undefined when the seed's network has no max pool, or a layer that brings more digits
 */
export function tiedNetwork(seed: number): RandomNetwork | undefined {
  const network = randomNetwork(seed);
  const kinds = new Set(network.model.layers.map(({ layer }) => layer.kind));
  if (!kinds.has("maxPool2d") || !kinds.has("conv2d") || kinds.has("averagePool2d") || kinds.has("dropout")) {
    return undefined;
  }
  if (network.model.layers.some(bringsSixths)) return undefined;
  const draw = new Draw(seed);
  const weights = new Float32Array(network.weights.length);
  for (const { offset, size, fanIn } of network.model.parameters) {
    const scale = 2 ** -Math.ceil(Math.log2(fanIn) / 2);
    for (let i = 0; i < size; i++) weights[offset + i] = scale * draw.pick([-1, -0.5, 0, 0.5, 1]);
  }
  const images = Float32Array.from(network.data.images, () => draw.pick([-1, 0, 1]));
  const { normalization: _, ...data } = network.data;
  return { ...network, weights, data: { ...data, images } };
}

/** Whether Winograd's tiles of 4×4 may compute a layer: their transforms divide by six. */
function bringsSixths({ layer, inputShape, outputShape }: Sequential["layers"][number]): boolean {
  const filters = outputShape.at(-1) ?? 0;
  return (
    layer.kind === "conv2d" &&
    [inputShape, outputShape].some(([rows, columns]) => winogradTile(inputShape[2] ?? 0, filters, rows, columns) === 4)
  );
}
