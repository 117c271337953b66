import { CoreError } from "../../errors.ts";
import type { ConfigOf } from "../options/kind.ts";
import type { GivenOptions } from "../options/option.ts";
import { size } from "../options/values.ts";
import { layerKind } from "./layer_kind.ts";
import { shapeText } from "./shape.ts";
import { flopsOfResult, kernelAndBias, weightOptions } from "./weights.ts";

/**
 * Every output sees every input.
 *
 *     y[k] = activation(bias[k] + sum over i of x[i] * kernel[i, k])
 *
 * @param options.units outputs
 * @param options.activation name of an activation, such as "relu". Default "linear"
 * @param options.useBias Default true
 * @param options.kernelInitializer "glorotUniform", "heUniform", "pytorch" or "zeros". Default "glorotUniform"
 * @param options.biasInitializer the same choice. Default "zeros"
 *
 * Shape: [features] → [units]. Kernel [features, units], bias [units]. An image must go through `flatten` first.
 *
 * @throws `LAYER_OPTION` for an option that is unknown or impossible
 *
 * @example
 * dense({ units: 10 })
 */
export const dense = layerKind(
  "dense",
  { units: size("outputs"), ...weightOptions },
  {
    outputShape({ units }, input, name) {
      if (input.length === 1) return [units];
      throw new CoreError(
        "LAYER_SHAPE",
        `${name} needs a row of features, [features]; ${shapeText(input)} came in. Put flatten() before it.`,
      );
    },
    tensors: (layer, [features]) =>
      kernelAndBias(layer, [features, layer.units], { fanIn: features, fanOut: layer.units }),
    flops: (layer, [features]) => flopsOfResult(layer, features) * layer.units,
  },
);

export type DenseOptions = GivenOptions<typeof dense.options>;
export type DenseLayer = ConfigOf<typeof dense>;
