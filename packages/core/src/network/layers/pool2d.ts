import type { Padding, Pair, Pool2dLayer, Shape } from "./layer.ts";
import { OptionReader } from "./options.ts";
import { windowShape } from "./window_shape.ts";

/** A whole image of 1024 × 1024. */
const mostCells = 2 ** 20;

export interface Pool2dOptions {
  readonly poolSize?: number | Pair | readonly number[];
  readonly strides?: number | Pair | readonly number[];
  readonly padding?: Padding;
}

/** Max and average pooling take the same options and give the same shapes. */
export function pool2d(kind: Pool2dLayer["kind"], options: Pool2dOptions): Pool2dLayer {
  const read = new OptionReader(kind, options, ["poolSize", "strides", "padding"]);
  const poolSize = read.pair("poolSize", 2, mostCells);
  return { kind, poolSize, strides: read.pair("strides", poolSize), padding: read.padding() };
}

export function pool2dShape(layer: Pool2dLayer, input: Shape, name: string): Shape {
  return [...windowShape(name, input, layer.poolSize, layer.strides, layer.padding), input[2]];
}
