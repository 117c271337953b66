import type { Layout } from "../layout/activation.ts";
import type { PackRows } from "../layout/parameter_vector.ts";

/** The gradient of a convolution's output, and the address of its first image. */
export interface OutputGradient extends Layout {
  readonly address: number;
}

/** Computes the gradient with respect to the input of a convolution without a pool. */
export interface InputGradient {
  pack: PackRows;
  compute(images: number): void;
}
