import type { Code } from "../../emit/module/code.ts";
import type { Emitted } from "../../emit/module/linker.ts";
import { emitShardedWeightGradient, sumsShardsInTiles } from "../../emit/direct/sharded_weight_gradient.ts";
import { emitWeightGradient } from "../../emit/direct/weight_gradient.ts";
import type { WeightGradientShape } from "../../emit/direct/weight_tiles.ts";
import {
  emitWinogradWeightGradient,
  tiledWeightShape,
  winogradWeightScratch,
} from "../../emit/winograd/weight_gradient.ts";
import { emitWindowsWeightGradient, windowsWeightScratch } from "../../emit/windows/weight_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
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

/** A layer's weight gradient over all windows, summed over shards: tile by tile where that can be, else in whole. */
export class WeightGradientKernel {
  readonly #kernel: Emitted;
  readonly #inTiles: boolean;
  readonly #layer: WeightGradient;
  readonly #scratch: number;

  constructor({ linker, arena }: OperationContext, name: string, layer: WeightGradient) {
    const { panelVectors } = linker;
    this.#layer = layer;
    this.#inTiles = layer.algorithm === "direct" && sumsShardsInTiles(layer);
    let code: Code;
    if (layer.algorithm === "windows") {
      this.#scratch = arena.reserve(windowsWeightScratch(layer, panelVectors));
      code = emitWindowsWeightGradient(layer, panelVectors);
    } else if (layer.algorithm === "winograd") {
      const tiles = tiledWeightShape(layer);
      this.#scratch = arena.reserve(winogradWeightScratch(tiles));
      code = emitWinogradWeightGradient(tiles, panelVectors);
    } else {
      this.#scratch = 0;
      code = (this.#inTiles ? emitShardedWeightGradient : emitWeightGradient)(layer, panelVectors);
    }
    const of = layer.algorithm === "windows" ? `${name}/windows` : name;
    this.#kernel = linker.add(`${of}/weightGradient`, code);
  }

  sum(tree: ShardTree): void {
    const { input, gradient, offset, taps, segment, channels } = this.#layer;
    if (!this.#inTiles) tree.sum(offset, taps * segment * channels, this.#sumShard);
    else this.#kernel.run(tree.shards, tree.shardsEnd, input, gradient, tree.result + offset * 4, tree.stack);
  }

  readonly #sumShard = (first: number, images: number, vector: number): void => {
    const { algorithm, input, gradient, offset, inputImageStride, gradientImageStride } = this.#layer;
    const from = input + first * inputImageStride;
    const of = gradient + first * gradientImageStride;
    if (algorithm === "direct") this.#kernel.run(images, from, of, vector + offset * 4);
    else this.#kernel.run(images, from, of, vector + offset * 4, this.#scratch);
  };
}
