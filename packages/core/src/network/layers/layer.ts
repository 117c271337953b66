import type { Initializer } from "../initializers/initializer.ts";

/** [height, width, channels] of an image, or [features] after `flatten` and `dense`. */
export type Shape = readonly number[];
export type ImageShape = readonly [height: number, width: number, channels: number];
export type Pair = readonly [vertical: number, horizontal: number];
export type Padding = "valid" | "same";
export type Activation = "linear" | "relu";

/** Layers are plain data, so that they can be posted to threads and stored in a file. */
export type Layer = Conv2dLayer | Pool2dLayer | ReluLayer | FlattenLayer | DenseLayer | DropoutLayer;

export interface Conv2dLayer {
  readonly kind: "conv2d";
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
}

export interface Pool2dLayer {
  readonly kind: "maxPool2d" | "averagePool2d";
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

export interface ReluLayer {
  readonly kind: "relu";
}

export interface FlattenLayer {
  readonly kind: "flatten";
}

export interface DenseLayer {
  readonly kind: "dense";
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
}

export interface DropoutLayer {
  readonly kind: "dropout";
  /** Share of the values that are dropped, in [0, 1); the others are scaled by 1 / (1 - rate). */
  readonly rate: number;
}

/** One tensor of a layer, and where it lies in the model's flat parameter vector. */
export interface ParameterSpec {
  /** For example "conv2d_1/kernel" or "dense_2/bias". */
  readonly name: string;
  /** HWIO for convolution kernels, [in, out] for dense kernels, [K] for biases. */
  readonly shape: readonly number[];
  /** First element in the flat vector. */
  readonly offset: number;
  readonly size: number;
  readonly initializer: Initializer;
  readonly fanIn: number;
  readonly fanOut: number;
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
