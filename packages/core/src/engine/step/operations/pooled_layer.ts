import type { PooledShape } from "../../emit/pooled/pooled_shape.ts";
import type { Activation } from "../layout/activation.ts";
import type { ConvolutionBlock } from "../blocks.ts";

/** A convolution with its 2×2 max pool, as its gradients see it. */
export interface PooledLayer {
  readonly block: ConvolutionBlock;
  readonly shape: PooledShape;
  readonly input: Activation;
  /** Of the pool. */
  readonly output: Activation;
  /** Address of [image][pool][channel] i32: byte offset of the winning window in its input image; -1 where the activation stops its gradient. */
  readonly argmax: number;
}

/** Writes the gradient of a layer's parameters, of some images, into a flat gradient at address `gradient`. */
export type WriteWeightGradient = (first: number, images: number, gradient: number) => void;
