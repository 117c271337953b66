import type { Activation } from "../layout/activation.ts";
import type { PackRows } from "../layout/parameter_vector.ts";
import type { FilterLayer } from "./filter_layer.ts";
import type { Backward, Operation } from "./operation.ts";

/** What computes a layer's outputs. */
export interface ForwardKernel {
  /** Address of the weights in the kernel's order, once they are packed. */
  readonly weights: number;
  readonly pack: PackRows;
  /** All but `images` are addresses. */
  readonly run: (images: number, input: number, bias: number, output: number, argmax: number) => void;
}

/**
 * The operation of a layer with filters, of its two halves.
 *
 * @param argmax where the forward half notes the windows that won their pools; 0 without a pool
 */
export function filterOperation(
  { identity, matrix, biasAddress }: FilterLayer,
  forward: ForwardKernel,
  backward: Backward,
  input: Activation,
  output: Activation,
  argmax: number,
): Operation {
  const packRows: PackRows = (source, first, rows) => {
    forward.pack(source, first, rows);
    backward.pack(source, first, rows);
  };
  return {
    ...identity,
    ...backward,
    pack() {
      matrix(packRows);
    },
    forward(images) {
      forward.run(images, input.values, biasAddress, output.values + output.interior, argmax);
    },
  };
}
