import type { Activation } from "../layout/activation.ts";
import type { ConvolutionKernel } from "./convolution_kernel.ts";
import type { FilterLayer } from "./filter_layer.ts";
import type { Backward, Operation } from "./operation.ts";

/**
 * The operation of a layer with filters, of its two halves.
 *
 * @param argmax where the forward half notes the windows that won their pools; 0 without a pool
 */
export function filterOperation(
  { identity, kernelAddress, biasAddress }: FilterLayer,
  forward: ConvolutionKernel,
  backward: Backward,
  input: Activation,
  output: Activation,
  argmax: number,
): Operation {
  return {
    ...identity,
    ...backward,
    pack() {
      forward.pack(kernelAddress);
      backward.pack(kernelAddress);
    },
    forward(images) {
      forward.run(images, input.values, biasAddress, output.values + output.interior, argmax);
    },
  };
}
