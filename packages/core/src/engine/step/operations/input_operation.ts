import type { ImageStore } from "../../../network/data/image_store.ts";
import { CoreError } from "../../../errors.ts";
import type { ImageShape } from "../../../network/layers/shape.ts";
import type { Activation } from "../layout/activation.ts";
import type { OperationContext } from "./operation_context.ts";
import { inputPlan } from "../layout/plans.ts";

/** Of a line of the caches, 64 bytes. */
const wordsInLine = 16;

/** Images of so many words, 64 KiB, are asked for before they are copied: the second-level cache is 256 KiB and up. */
const wordsAhead = 16_384;

/** Gathers samples of a store into the backend's memory and normalises them into the first layer's input. */
export class InputOperation {
  /** Addresses of the gathered sample indices and labels, one i32 an image. */
  readonly samples: number;
  readonly labels: number;
  readonly #context: OperationContext;
  readonly #shape: ImageShape;
  readonly #staged: number;
  readonly #bytesPlan: number;
  readonly #floatsPlan: number;
  #words = new Int32Array(0);

  constructor(context: OperationContext, shape: ImageShape, input: Activation) {
    const { arena, capacity } = context;
    const [height, width, channels] = shape;
    const floats = height * width * channels;
    this.#context = context;
    this.#shape = shape;
    this.samples = arena.allocate(capacity * 4);
    this.labels = arena.allocate(capacity * 4);
    this.#staged = arena.reserve(capacity * floats * 4);
    const plan = (stagedStride: number): number =>
      arena.struct(inputPlan, {
        staged: this.#staged,
        stagedStride,
        output: input.values + input.interior,
        imageStride: input.imageStride,
        rowStride: input.rowStride,
        rows: height,
        width: width * channels,
      });
    this.#bytesPlan = plan(Math.ceil(floats / 4) * 4);
    this.#floatsPlan = plan(floats * 4);
  }

  /** @param order Sample indices; undefined means the samples `start`, `start + 1`, … themselves. */
  gather(store: ImageStore, order: Int32Array | undefined, start: number, images: number): void {
    this.#check(store, images);
    const { memory, kernels } = this.#context;
    if (this.#words.buffer !== memory.buffer) this.#words = new Int32Array(memory.buffer);
    const target = this.#words;
    const { wordsPerImage, labels } = store;
    for (let i = 0; i < images; i++) {
      const sample = order === undefined ? start + i : order[start + i];
      target[this.samples / 4 + i] = sample;
      target[this.labels / 4 + i] = labels[sample];
    }
    const atOnce = Math.max(1, Math.floor(wordsAhead / wordsPerImage));
    for (let first = 0; first < images; first += atOnce) this.#copy(store, first, Math.min(first + atOnce, images));
    if (store.pixelType === "float32") {
      kernels.copyFloats(this.#floatsPlan, images);
    } else {
      const { mean, deviation } = store.normalization;
      kernels.normalizeBytes(this.#bytesPlan, images, 1 / (255 * deviation), -mean / deviation);
    }
  }

  /** Copies images `first` to end - 1 of the minibatch from where they lie in the store. */
  #copy({ words, wordsPerImage }: ImageStore, first: number, end: number): void {
    const target = this.#words;
    const samples = this.samples / 4;
    let to = this.#staged / 4 + first * wordsPerImage;
    // They lie anywhere: many of their lines are on the way at once before the first is needed.
    let touched = 0;
    for (let i = first; i < end; i++) {
      const from = target[samples + i] * wordsPerImage;
      for (let word = 0; word < wordsPerImage; word += wordsInLine) touched |= words[from + word];
    }
    // Or the compiler could leave the reading out.
    target[to] = touched;
    for (let i = first; i < end; i++) {
      const from = target[samples + i] * wordsPerImage;
      for (let word = 0; word < wordsPerImage; word++) target[to++] = words[from + word];
    }
  }

  #check(store: ImageStore, images: number): void {
    const [height, width, channels] = this.#shape;
    if (store.shape[0] !== height || store.shape[1] !== width || store.shape[2] !== channels) {
      throw new CoreError(
        "IMAGE_SHAPE",
        `the network takes ${this.#shape.join("×")} images, the store has ${store.shape.join("×")}. ` +
          "Build the network with the images' shape.",
      );
    }
    if (images > this.#context.capacity) {
      throw new CoreError(
        "CAPACITY",
        `the step was planned for at most ${this.#context.capacity} images a call, and ${images} came. ` +
          "Plan it for more.",
      );
    }
  }
}
