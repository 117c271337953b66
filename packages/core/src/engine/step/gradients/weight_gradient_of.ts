import { sumsShardsInTiles } from "../../emit/direct/sharded_weight_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import type { SummedWeightGradient, WeightGradient } from "./weight_gradient.ts";
import { WeightGradientInTiles } from "./weight_gradient_in_tiles.ts";
import { WeightGradientOfShards } from "./weight_gradient_of_shards.ts";

/** A layer's weight gradient over all windows: tile by tile where that can be, else shard by shard. */
export function weightGradientOf(context: OperationContext, name: string, layer: WeightGradient): SummedWeightGradient {
  const inTiles = layer.algorithm === "direct" && sumsShardsInTiles(layer);
  const Algorithm = inTiles ? WeightGradientInTiles : WeightGradientOfShards;
  return new Algorithm(context, name, layer);
}
