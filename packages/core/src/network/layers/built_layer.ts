import type { TensorShape } from "./layer_kind.ts";
import type { Layer } from "./layers.ts";
import type { Shape } from "./shape.ts";

/** One tensor of a layer, and where it lies in the model's flat parameter vector. */
export interface ParameterSpec extends TensorShape {
  /** For example "conv2d_1/kernel" or "dense_2/bias". */
  readonly name: string;
  /** HWIO for convolution kernels, [in, out] for dense kernels, [K] for biases. */
  readonly shape: readonly number[];
  /** First element in the flat vector. */
  readonly offset: number;
  readonly size: number;
}

/** A layer after shape inference. */
export interface BuiltLayer {
  /** Kind and running number of that kind, as in tfjs: "conv2d_1". */
  readonly name: string;
  readonly layer: Layer;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Kernel, then bias. */
  readonly parameters: readonly ParameterSpec[];
  /** Floating-point operations of one image's forward pass; a multiply-add counts two. */
  readonly flops: number;
}
