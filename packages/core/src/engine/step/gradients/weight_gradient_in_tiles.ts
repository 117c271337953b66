import { emitShardedWeightGradient } from "../../emit/direct/sharded_weight_gradient.ts";
import type { Emitted } from "../../emit/module/linker.ts";
import { tileRows } from "../../emit/tiles/tiling.ts";
import type { Range } from "../layout/ranges.ts";
import { rowBlocks, rowsWithin } from "../layout/row_blocks.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import type { ShardTree } from "./shard_tree.ts";
import type { SummedWeightGradient, WeightGradient } from "./weight_gradient.ts";

/** Bytes of weights whose gradient is computed before it is handed over: they are to stay in the second-level cache. */
const blockBytes = 32 * 1024;

/** A gradient of at most two blocks is not cut. */
const smallestCut = 2 * blockBytes;

/** Some rows of the weights under one tap, their gradients computed by one call. */
interface Block {
  readonly kernel: Emitted;
  readonly input: number;
  /** In the flat gradient. */
  readonly offset: number;
  readonly count: number;
  /** Address of the gradient, where it does not go to the tree's result. */
  readonly stage: number;
}

/**
 * The gradient of a layer of few windows, each tile of weights summed over all shards. That of many weights is computed in
 * blocks of rows, and each goes from the cache to where it is wanted: it is written once, and not read again.
 */
export class WeightGradientInTiles implements SummedWeightGradient {
  readonly handedOver: Range | undefined;
  readonly #gradient: number;
  readonly #blocks: readonly Block[];

  constructor({ linker, arena }: OperationContext, name: string, layer: WeightGradient) {
    const { panelVectors } = linker;
    const { taps, segment, channels, offset, input, tapStride } = layer;
    this.#gradient = layer.gradient;
    const count = taps * segment * channels;
    if (count * 4 <= smallestCut) {
      const kernel = linker.add(`${name}/weightGradient`, emitShardedWeightGradient(layer, panelVectors));
      this.#blocks = [{ kernel, input, offset, count, stage: 0 }];
      this.handedOver = undefined;
      return;
    }
    // Whole tiles, so that no block ends with one that leaves registers idle.
    const tile = tileRows(panelVectors, panelVectors);
    const ofTap = rowBlocks(segment, rowsWithin(blockBytes, channels, tile), (rows, suffix) => {
      const code = emitShardedWeightGradient({ ...layer, taps: 1, segment: rows }, panelVectors);
      const emitted = linker.add(`${name}/weightGradient${suffix}`, code);
      return { emitted, stage: arena.allocate(rows * channels * 4) };
    });
    this.#blocks = Array.from({ length: taps }, (_, tap) =>
      ofTap.map(({ first, rows, kernel }) => ({
        kernel: kernel.emitted,
        stage: kernel.stage,
        input: input + tap * tapStride + first * 4,
        offset: offset + (tap * segment + first) * channels,
        count: rows * channels,
      })),
    ).flat();
    this.handedOver = { offset, count };
  }

  sum(tree: ShardTree): void {
    for (let i = 0; i < this.#blocks.length; i++) {
      const { kernel, input, offset, count, stage } = this.#blocks[i];
      const target = stage === 0 ? tree.result + offset * 4 : stage;
      kernel.run(tree.shards, tree.shardsEnd, input, this.#gradient, target, tree.stack);
      if (stage !== 0) tree.handOver(stage, offset, count);
    }
  }
}
