import type { Emitted } from "../emit/linker.ts";
import { emitShardedWeightGradient, sumsShardsInTiles } from "../emit/sharded_weight_gradient.ts";
import { emitWeightGradient } from "../emit/weight_gradient.ts";
import type { WeightGradientShape } from "../emit/weight_tiles.ts";
import type { OperationContext } from "./operation_context.ts";
import type { ShardTree } from "./shard_tree.ts";

/** Where a weight gradient finds its operands: addresses of image 0's first windows. */
export interface WeightGradientOperands {
  readonly input: number;
  readonly gradient: number;
  /** First element of the weights in the flat gradient. */
  readonly offset: number;
}

/** A layer's weight gradient over all windows, summed over shards: tile by tile where that can be, else in whole. */
export class WeightGradientKernel {
  readonly #kernel: Emitted;
  readonly #inTiles: boolean;
  readonly #operands: WeightGradientOperands;
  readonly #shape: WeightGradientShape;

  constructor(
    { linker }: OperationContext,
    layer: string,
    shape: WeightGradientShape,
    operands: WeightGradientOperands,
  ) {
    this.#inTiles = sumsShardsInTiles(shape);
    const emit = this.#inTiles ? emitShardedWeightGradient : emitWeightGradient;
    this.#kernel = linker.add(`${layer}/weightGradient`, emit(shape, linker.panelVectors));
    this.#operands = operands;
    this.#shape = shape;
  }

  sum(tree: ShardTree): void {
    const { input, gradient, offset } = this.#operands;
    const { taps, segment, channels } = this.#shape;
    if (!this.#inTiles) tree.sum(offset, taps * segment * channels, this.#sumShard);
    else this.#kernel.run(tree.shards, tree.shardsEnd, input, gradient, tree.result + offset * 4, tree.stack);
  }

  readonly #sumShard = (first: number, images: number, vector: number): void => {
    const { input, gradient, offset } = this.#operands;
    const { inputImageStride, gradientImageStride } = this.#shape;
    const from = gradient + first * gradientImageStride;
    this.#kernel.run(images, input + first * inputImageStride, from, vector + offset * 4);
  };
}
