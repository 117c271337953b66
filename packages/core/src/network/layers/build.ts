import type { BuiltLayer, ParameterSpec } from "./built_layer.ts";
import { type Layer, rulesOf } from "./layers.ts";
import { type Shape, shapeSize } from "./shape.ts";
import { checkLayerCount, ImageSize } from "./size.ts";

/**
 * Shape inference: names the layers, follows the shape through them, and gives each tensor its place in the flat
 * parameter vector. Allocates nothing that grows with the network's size.
 *
 * @param inputShape [height, width, channels] of an image
 * @param layers in the order of the forward pass
 *
 * @throws `LAYER_SHAPE` when a layer cannot take what comes in: which layer, what came, what fits; `MODEL_SIZE` when one image
 *   takes too much memory or time, or there are too many layers
 *
 * @example
 * buildLayers([28, 28, 1], [conv2d({ filters: 16, kernelSize: 3 })])[0].outputShape // [26, 26, 16]
 */
export function buildLayers(inputShape: Shape, layers: readonly Layer[]): BuiltLayer[] {
  checkLayerCount(layers.length);
  const size = new ImageSize(inputShape);
  const numbers = new Map<string, number>();
  let shape = inputShape;
  let offset = 0;
  return layers.map((layer) => {
    const number = (numbers.get(layer.kind) ?? 0) + 1;
    numbers.set(layer.kind, number);
    const name = `${layer.kind}_${number}`;
    const rules = rulesOf(layer);
    const input = shape;
    shape = rules.outputShape(layer, input, name);
    const flops = rules.flops(layer, input, shape);
    size.add({ name, layer, inputShape: input, outputShape: shape, flops });
    const parameters: ParameterSpec[] = [];
    for (const tensor of rules.tensors?.(layer, input) ?? []) {
      const count = shapeSize(tensor.shape);
      parameters.push({ ...tensor, name: `${name}/${tensor.name}`, offset, size: count });
      offset += count;
    }
    return { name, layer, inputShape: input, outputShape: shape, parameters, flops };
  });
}
