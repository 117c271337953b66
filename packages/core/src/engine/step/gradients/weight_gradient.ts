import type { WeightGradientShape } from "../../emit/direct/weight_tiles.ts";
import type { Range } from "../layout/ranges.ts";
import type { ShardTree } from "./shard_tree.ts";

/** What a weight gradient knows of its layer, and where its operands are: addresses of image 0's first window. */
export interface WeightGradient extends WeightGradientShape {
  readonly inputs: number;
  /** By Winograd's algorithm, in tiles of 4×4 outputs, or with windows in the lanes; direct otherwise. */
  readonly algorithm: "winograd" | "windows" | "direct";
  readonly input: number;
  readonly gradient: number;
  /** First element of the weights in the flat gradient. */
  readonly offset: number;
}

/** Computes a layer's weight gradient, summed over the shards of a tree. */
export interface SummedWeightGradient {
  /** The part of the flat gradient that this one hands over to the tree itself; undefined: it lies in the tree's result. */
  readonly handedOver: Range | undefined;
  sum(tree: ShardTree): void;
}
