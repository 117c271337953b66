import { emitWeightGradient } from "../../emit/direct/weight_gradient.ts";
import type { Emitted } from "../../emit/module/linker.ts";
import { emitWindowsWeightGradient, windowsWeightScratch } from "../../emit/windows/weight_gradient.ts";
import {
  emitWinogradWeightGradient,
  tiledWeightShape,
  winogradWeightScratch,
} from "../../emit/winograd/weight_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import type { ShardTree } from "./shard_tree.ts";
import type { SummedWeightGradient, WeightGradient } from "./weight_gradient.ts";

/** The gradient of each shard over all windows, which the tree then adds up. */
export class WeightGradientOfShards implements SummedWeightGradient {
  readonly handedOver = undefined;
  readonly #kernel: Emitted;
  readonly #layer: WeightGradient;
  readonly #scratch: number;

  constructor({ linker, arena }: OperationContext, name: string, layer: WeightGradient) {
    const { panelVectors } = linker;
    this.#layer = layer;
    if (layer.algorithm === "windows") {
      this.#scratch = arena.reserve(windowsWeightScratch(layer, panelVectors));
      this.#kernel = linker.add(`${name}/windows/weightGradient`, emitWindowsWeightGradient(layer, panelVectors));
    } else if (layer.algorithm === "winograd") {
      const tiles = tiledWeightShape(layer);
      this.#scratch = arena.reserve(winogradWeightScratch(tiles, panelVectors));
      this.#kernel = linker.add(`${name}/weightGradient`, emitWinogradWeightGradient(tiles, panelVectors));
    } else {
      this.#scratch = 0;
      this.#kernel = linker.add(`${name}/weightGradient`, emitWeightGradient(layer, panelVectors));
    }
  }

  sum(tree: ShardTree): void {
    const { offset, taps, segment, channels } = this.#layer;
    tree.sum(offset, taps * segment * channels, this.#sumShard);
  }

  readonly #sumShard = (first: number, images: number, vector: number): void => {
    const { algorithm, input, gradient, offset, inputImageStride, gradientImageStride } = this.#layer;
    const from = input + first * inputImageStride;
    const of = gradient + first * gradientImageStride;
    if (algorithm === "direct") this.#kernel.run(images, from, of, vector + offset * 4);
    else this.#kernel.run(images, from, of, vector + offset * 4, this.#scratch);
  };
}
