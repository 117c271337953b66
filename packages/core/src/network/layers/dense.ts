import { CoreError } from "../../errors.ts";
import type { Initializer } from "../initializers/initializer.ts";
import type { LayerDefinition, ParameterShape } from "./definition.ts";
import type { Activation, DenseLayer } from "./layer.ts";
import { OptionReader } from "./options.ts";
import { shapeText } from "./shape.ts";

export interface DenseOptions {
  readonly units: number;
  readonly activation?: Activation;
  readonly useBias?: boolean;
  readonly kernelInitializer?: Initializer;
  readonly biasInitializer?: Initializer;
}

const known = ["units", "activation", "useBias", "kernelInitializer", "biasInitializer"];

/**
 * Every output sees every input.
 *
 *     y[k] = activation(bias[k] + sum over i of x[i] * kernel[i, k])
 *
 * @param options.units outputs
 * @param options.activation "linear" or "relu". Default "linear"
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
export function dense(options: DenseOptions): DenseLayer {
  const read = new OptionReader("dense", options, known);
  return {
    kind: "dense",
    units: read.size("units"),
    activation: read.activation(),
    useBias: read.flag("useBias", true),
    kernelInitializer: read.initializer("kernelInitializer", "glorotUniform"),
    biasInitializer: read.initializer("biasInitializer", "zeros"),
  };
}

export const denseDefinition: LayerDefinition<DenseLayer> = {
  outputShape(layer, input, name) {
    if (input.length === 1) return [layer.units];
    throw new CoreError(
      "LAYER_SHAPE",
      `${name} needs a row of features, [features]; ${shapeText(input)} came in. Put flatten() before it.`,
    );
  },
  parameters(layer, input) {
    const [features] = input;
    const fans = { fanIn: features, fanOut: layer.units };
    const shape = [features, layer.units];
    const kernel: ParameterShape = { name: "kernel", shape, initializer: layer.kernelInitializer, ...fans };
    const bias: ParameterShape = { name: "bias", shape: [layer.units], initializer: layer.biasInitializer, ...fans };
    return layer.useBias ? [kernel, bias] : [kernel];
  },
  flops(layer, input) {
    return (2 * input[0] + (layer.useBias ? 1 : 0) + (layer.activation === "relu" ? 1 : 0)) * layer.units;
  },
};
