import { type Activation, activations, isActivation } from "../../network/activations/activations.ts";
import type { BuiltLayer } from "../../network/layers/built_layer.ts";
import type { Conv2dLayer } from "../../network/layers/conv2d.ts";
import type { DenseLayer } from "../../network/layers/dense.ts";
import type { DropoutLayer } from "../../network/layers/dropout.ts";
import type { Pool2dLayer } from "../../network/layers/pooling.ts";
import type { Shape } from "../../network/layers/shape.ts";
import { windowGeometry } from "../../network/layers/window.ts";

/** Layers that the planned step computes in one pass over memory. */
export type Block = ConvolutionBlock | PoolBlock | ActivationBlock | DropoutBlock;

interface BlockOf {
  /** The layers that became the block; its operation bears the first one's name. */
  readonly names: readonly string[];
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

export interface ConvolutionBlock extends BlockOf {
  readonly kind: "convolution";
  readonly built: BuiltLayer;
  readonly layer: Conv2dLayer | DenseLayer;
  readonly activation: Activation;
  /** A 2×2 max pool is computed in the convolution's epilogue, before the activation. */
  readonly pooled: boolean;
}

export interface PoolBlock extends BlockOf {
  readonly kind: "pool";
  readonly layer: Pool2dLayer;
}

/** An activation behind what has none of its own. */
export interface ActivationBlock extends BlockOf {
  readonly kind: "activation";
  readonly activation: Activation;
}

export interface DropoutBlock extends BlockOf {
  readonly kind: "dropout";
  readonly layer: DropoutLayer;
  /** Place in the model's list of layers: part of the key of the random numbers. */
  readonly index: number;
}

/** Groups the layers of a network. `flatten` vanishes: an image is already one row of floats. */
export function blocksOf(layers: readonly BuiltLayer[]): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < layers.length; i++) {
    const built = layers[i];
    const { layer, inputShape } = built;
    let { outputShape } = built;
    const names = [built.name];
    if (layer.kind === "flatten") continue;
    if (layer.kind === "conv2d" || layer.kind === "dense") {
      let { activation } = layer;
      let pooled = false;
      for (; i + 1 < layers.length; i++) {
        const next = layers[i + 1];
        // What kernels compute gives the same when it is applied again.
        if (isActivation(next.layer) && (activation === "linear" || activation === next.layer.kind)) {
          activation = next.layer.kind;
        } else if (!pooled && layer.kind === "conv2d" && activations[activation].monotone && isTiledMaxPool(next)) {
          // The largest value stays the largest: a monotone activation and a maximum may change places.
          pooled = true;
        } else break;
        outputShape = next.outputShape;
        names.push(next.name);
      }
      blocks.push({ kind: "convolution", built, layer, activation, pooled, names, inputShape, outputShape });
    } else if (isActivation(layer))
      blocks.push({ kind: "activation", activation: layer.kind, names, inputShape, outputShape });
    else if (layer.kind === "dropout")
      blocks.push({ kind: "dropout", layer, index: i, names, inputShape, outputShape });
    else blocks.push({ kind: "pool", layer, names, inputShape, outputShape });
  }
  return blocks;
}

/**
 * Whether the gradient with respect to a block's input is wanted: not up to the first block with parameters. `index` may
 * be one past the last block: the loss.
 */
export function needsInputGradient(blocks: readonly Block[], index: number): boolean {
  return (
    index >
    Math.max(
      0,
      blocks.findIndex((block) => block.kind === "convolution"),
    )
  );
}

/** Whether the windows are 2×2, do not overlap and reach over no edge. */
function isTiledMaxPool({ layer, inputShape }: BuiltLayer): boolean {
  if (layer.kind !== "maxPool2d") return false;
  return [0, 1].every((axis) => {
    const { padBefore, padAfter } = windowGeometry(
      inputShape[axis],
      layer.poolSize[axis],
      layer.strides[axis],
      layer.padding,
    );
    return layer.poolSize[axis] === 2 && layer.strides[axis] === 2 && padBefore === 0 && padAfter === 0;
  });
}
