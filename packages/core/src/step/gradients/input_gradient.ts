import type { Layout } from "../layout/activation.ts";

/** The gradient of a convolution's output, and the address of its first image. */
export interface OutputGradient extends Layout {
  readonly address: number;
}

/** Computes the gradient with respect to the input of a convolution without a pool. */
export interface InputGradient {
  /** @param parameters Address of the layer's [R, S, C, K] weights. */
  pack(parameters: number): void;
  compute(images: number): void;
}
