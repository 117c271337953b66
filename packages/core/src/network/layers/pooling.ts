import { byDefault, oneOf, otherwise, pair } from "../options/values.ts";
import type { GivenOptions } from "../options/option.ts";
import type { Config } from "../options/kind.ts";
import type { LayerRules } from "./layer_kind.ts";
import { shapeSize } from "./shape.ts";
import { paddings } from "./window.ts";
import { windowShape } from "./window_shape.ts";

/** A whole image of 1024 × 1024. */
const mostCells = 2 ** 20;

/** The options of layers that make one value of each window, channel by channel. */
export const poolOptions = {
  poolSize: byDefault(pair("the window", mostCells), 2),
  strides: otherwise(pair("step of the window"), ({ poolSize }) => poolSize, "poolSize"),
  padding: byDefault(oneOf("zeros around the image", paddings), "valid"),
} as const;

export type Pool2dOptions = GivenOptions<typeof poolOptions>;
export type Pool2dLayer = Config<"maxPool2d" | "averagePool2d", typeof poolOptions>;

/** @param flops of one window with so many cells */
export function poolRules(flops: (cells: number) => number): LayerRules<Pool2dLayer> {
  return {
    outputShape({ poolSize, strides, padding }, input, name) {
      return [...windowShape(name, input, { size: poolSize, strides, padding }), input[2]];
    },
    flops: ({ poolSize: [rows, columns] }, _, output) => flops(rows * columns) * shapeSize(output),
    window: ({ poolSize, strides, padding }) => ({ size: poolSize, strides, padding }),
  };
}
