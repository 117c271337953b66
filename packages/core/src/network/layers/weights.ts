import { activations } from "../activations/activations.ts";
import { type Initializer, limits } from "../initializers/initializers.ts";
import { byDefault, flag, namesOf, oneOf } from "../options/values.ts";
import type { OptionValues } from "../options/option.ts";
import type { TensorShape } from "./layer_kind.ts";

/** The options of layers that multiply by a kernel, add a bias and end with an activation. */
export const weightOptions = {
  activation: byDefault(oneOf("applied to each result", namesOf(activations)), "linear"),
  useBias: byDefault(flag("whether a bias is added"), true),
  kernelInitializer: byDefault(oneOf("first weights of the kernel", namesOf(limits)), "glorotUniform"),
  biasInitializer: byDefault(oneOf("first weights of the bias", namesOf(limits)), "zeros"),
} as const;

type WeightOptions = OptionValues<typeof weightOptions>;

/** Such a layer's kernel, and its bias where it has one. The kernel's last axis is that of the results. */
export function kernelAndBias(
  { useBias, kernelInitializer, biasInitializer }: WeightOptions,
  shape: readonly number[],
  fans: Pick<TensorShape, "fanIn" | "fanOut">,
): readonly TensorShape[] {
  const tensor = (name: string, of: readonly number[], initializer: Initializer): TensorShape => {
    return { name, shape: of, initializer, ...fans };
  };
  const kernel = tensor("kernel", shape, kernelInitializer);
  return useBias ? [kernel, tensor("bias", shape.slice(-1), biasInitializer)] : [kernel];
}

/** Floating-point operations of one result: its products, the bias and the activation. */
export function flopsOfResult({ useBias, activation }: WeightOptions, products: number): number {
  return 2 * products + (useBias ? 1 : 0) + activations[activation].flopsOfValue;
}
