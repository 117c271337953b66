import type { Initializer } from "../initializers/initializer.ts";
import type { Layer, Shape } from "./layer.ts";

/** One tensor that a layer learns, before it has its place in the model. */
export interface ParameterShape {
  readonly name: "kernel" | "bias";
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Inputs that one output sees; outputs that one input reaches. */
  readonly fanIn: number;
  readonly fanOut: number;
}

/** What shape inference knows of a kind of layer. Later functions may rely on the input that `outputShape` accepted. */
export interface LayerDefinition<L extends Layer = Layer> {
  /** @throws `LAYER_SHAPE` naming the layer, what came in, and what fits */
  outputShape(layer: L, input: Shape, name: string): Shape;
  /** Kernel, then bias. */
  parameters(layer: L, input: Shape): readonly ParameterShape[];
  /** Floating-point operations for one image, forward; a multiply-add counts two. */
  flops(layer: L, input: Shape, output: Shape): number;
}
