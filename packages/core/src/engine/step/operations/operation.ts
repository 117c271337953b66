import type { PackRows } from "../layout/parameter_vector.ts";
import type { Range } from "../layout/ranges.ts";
import type { ShardTree } from "../gradients/shard_tree.ts";

/** One block of the planned step: its buffers and tables are laid out, what is left are kernel calls. */
export interface Operation {
  /** For profiles and messages: the layer's name. */
  readonly name: string;
  /** How many parameters the block has. */
  readonly parameterCount: number;
  /** Brings the weights into the kernels' order. Called when the parameters have changed. */
  readonly pack: () => void;
  readonly forward: (images: number, pass: Pass) => void;
  /** Gradient with respect to the input, of images 0 to images - 1, for blocks that compute it for all at once. */
  readonly backwardInput: (images: number, pass: Pass) => void;
  /**
   * Gradient with respect to the weights, summed over the tree's shards; written, not added, to the block's part of the
   * tree's result, or handed over.
   */
  readonly backwardWeights: (tree: ShardTree) => void;
  /** The part of the flat gradient that `backwardWeights` hands over. */
  readonly handedOver?: Range | undefined;
}

/** The part of an operation that training needs, and a forward pass does not. */
export interface Backward extends Pick<Operation, "backwardInput" | "backwardWeights" | "handedOver"> {
  readonly pack: PackRows;
}

export const noBackward: Backward = { pack() {}, backwardInput() {}, backwardWeights() {} };

/** What a pass over the network needs besides the parameters. */
export interface Pass {
  training: boolean;
  seed: number;
  step: number;
  /** Address of the sample indices, one i32 an image. */
  samples: number;
}
