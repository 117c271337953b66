import { type Activation, activations, isActivation } from "../../../network/activations/activations.ts";
import type { Layer } from "../../../network/layers/layers.ts";
import { activate, activationGradient, activationKinks } from "./activation.ts";
import { averagePool2d, averagePool2dGradient } from "./average_pool2d.ts";
import { conv2d, conv2dGradients } from "./conv2d.ts";
import { dense, denseGradients } from "./dense.ts";
import { dropout, dropoutMask, type DropoutKey } from "./dropout.ts";
import { flatten, flattenGradient } from "./flatten.ts";
import { follow, type Kink } from "./kink.ts";
import { maxPool2d, maxPool2dGradient, maxPool2dKinks } from "./max_pool2d.ts";
import { type Tensor, tensor } from "./tensor.ts";

/** One layer's forward pass, ready to be walked back. */
export interface LayerPass {
  readonly output: Tensor;
  /** Decisions of this layer that float32 may take the other way. */
  readonly kinks: readonly Kink[];
  /** Gradient of the input, and of the parameters: kernel, then bias. */
  backward(dy: Tensor): { dx: Tensor; parameters: Tensor[] };
}

export interface LayerContext {
  /** The layer's next parameters, cut from the flat vector. */
  take(shape: readonly number[]): Tensor;
  /** Undefined in prediction: nothing is dropped. */
  readonly dropoutKey: DropoutKey | undefined;
  /** Decisions of this layer in which the backward pass follows the alternative. */
  readonly followed: readonly Kink[];
  readonly tolerance: number;
}

export function layerPass(layer: Layer, x: Tensor, context: LayerContext): LayerPass {
  if (isActivation(layer)) return activated(layer.kind, x, context, (dy) => ({ dx: dy, parameters: [] }));
  switch (layer.kind) {
    case "conv2d": {
      const [rows, columns] = layer.kernelSize;
      const kernel = context.take([rows, columns, x.shape[3], layer.filters]);
      const bias = layer.useBias ? context.take([layer.filters]) : undefined;
      return activated(layer.activation, conv2d(x, kernel, bias, layer), context, (dy) => {
        const { dx, dKernel, dBias } = conv2dGradients(x, kernel, dy, layer);
        return { dx, parameters: layer.useBias ? [dKernel, dBias] : [dKernel] };
      });
    }
    case "dense": {
      const kernel = context.take([x.shape[1], layer.units]);
      const bias = layer.useBias ? context.take([layer.units]) : undefined;
      return activated(layer.activation, dense(x, kernel, bias), context, (dy) => {
        const { dx, dKernel, dBias } = denseGradients(x, kernel, dy);
        return { dx, parameters: layer.useBias ? [dKernel, dBias] : [dKernel] };
      });
    }
    case "maxPool2d": {
      const { y, chosen } = maxPool2d(x, layer);
      const kinks = maxPool2dKinks(x, layer, chosen, context.tolerance);
      follow(chosen, context.followed);
      return {
        output: y,
        kinks,
        backward: (dy) => ({ dx: maxPool2dGradient(dy, chosen, x.shape), parameters: [] }),
      };
    }
    case "averagePool2d":
      return smooth(averagePool2d(x, layer), (dy) => averagePool2dGradient(x, dy, layer));
    case "flatten":
      return smooth(flatten(x), (dy) => flattenGradient(dy, x.shape));
    case "dropout": {
      if (context.dropoutKey === undefined) return smooth(tensor(x.shape, x.data), (dy) => dy);
      const mask = dropoutMask(x.shape, layer.rate, context.dropoutKey);
      return smooth(dropout(x, mask), (dy) => dropout(dy, mask));
    }
    default:
      throw new Error(`the reference does not know ${JSON.stringify(layer satisfies never)}`);
  }
}

function smooth(output: Tensor, backward: (dy: Tensor) => Tensor): LayerPass {
  return { output, kinks: [], backward: (dy) => ({ dx: backward(dy), parameters: [] }) };
}

function activated(
  activation: Activation,
  z: Tensor,
  context: LayerContext,
  backward: LayerPass["backward"],
): LayerPass {
  const rules = activations[activation];
  const { y, pieces } = activate(z, rules);
  follow(pieces, context.followed);
  const kinks = activationKinks(z, rules.corners, context.tolerance);
  return { output: y, kinks, backward: (dy) => backward(activationGradient(dy, z, pieces, rules)) };
}
