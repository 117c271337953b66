import { CoreError } from "../../errors.ts";
import type { Initializer } from "../initializers/initializers.ts";
import { type Config, type Kind, makeKind } from "../options/kind.ts";
import type { OptionTable } from "../options/option.ts";
import type { Shape } from "./shape.ts";
import type { SlidingWindow } from "./window.ts";

/** One tensor that a layer learns, before it has its place in the model. */
export interface TensorShape {
  /** In files it stands behind the layer's name: "conv2d_1/kernel". */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Inputs that one output sees; outputs that one input reaches. */
  readonly fanIn: number;
  readonly fanOut: number;
}

/** What is known of a kind of layer besides its options. Later functions may rely on the input that `outputShape` accepted. */
export interface LayerRules<Layer> {
  /** @throws `LAYER_SHAPE` naming the layer, what came in, and what fits */
  outputShape(layer: Layer, input: Shape, name: string): Shape;
  /** What it learns: kernel, then bias. Default: nothing */
  tensors?(layer: Layer, input: Shape): readonly TensorShape[];
  /** Floating-point operations for one image, forward; a multiply-add counts two. */
  flops(layer: Layer, input: Shape, output: Shape): number;
  /** How it slides over its input, where it does. */
  window?(layer: Layer): SlidingWindow;
  /** It makes nothing: its output is its input, of another shape. */
  readonly reshapes?: boolean;
}

export type LayerKind<Name extends string, Table extends OptionTable> = Kind<
  Name,
  Table,
  LayerRules<Config<Name, Table>>
>;

/** Makes a kind of layer. */
export function layerKind<Name extends string, Table extends OptionTable>(
  kind: Name,
  options: Table,
  rules: LayerRules<Config<Name, Table>>,
): LayerKind<Name, Table> {
  return makeKind(kind, options, rules, (message) => new CoreError("LAYER_OPTION", message));
}
