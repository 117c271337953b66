import type { Activation } from "../layout/activation.ts";
import type { OperationContext } from "./operation_context.ts";
import type { ShardTree } from "../gradients/shard_tree.ts";
import type { StepKernels } from "../step_kernels.ts";

/** Softmax cross-entropy: the gradient of the logits, and what the flat gradient is followed by, loss and right answers. */
export class LossOperation {
  readonly #kernels: StepKernels;
  readonly #logits: Activation;
  readonly #classes: number;
  /** [images, 2]: loss and whether the class was right. */
  readonly #scores: number;
  /** [classes] of float64: room to work in. */
  readonly #exponentials: number;
  /** Where loss and right answers stand in a flat gradient. */
  readonly #offset: number;

  /** @param offset floats of the flat gradient before the loss */
  constructor({ arena, kernels, capacity }: OperationContext, logits: Activation, offset: number) {
    this.#kernels = kernels;
    this.#logits = logits;
    this.#classes = logits.channels;
    this.#scores = arena.allocate(capacity * 8);
    this.#exponentials = arena.allocate(this.#classes * 8);
    this.#offset = offset;
  }

  /** @param labels address of the classes, one i32 an image */
  compute(images: number, labels: number, minibatchSize: number): void {
    const { values, gradient } = this.#logits;
    const scale = 1 / minibatchSize;
    const scores = this.#scores;
    const room = this.#exponentials;
    this.#kernels.softmaxCrossEntropy(values, labels, images, this.#classes, scale, gradient, scores, room);
  }

  sum(tree: ShardTree): void {
    tree.sum(this.#offset, 2, this.#sumShard);
  }

  readonly #sumShard = (first: number, images: number, vector: number): void => {
    this.#kernels.columnSums(this.#scores + first * 8, 8, images, 2, vector + this.#offset * 4);
  };
}
