import type { ImageStore } from "../../data/image_store.ts";
import { CoreError } from "../../errors.ts";
import type { ImageShape } from "../../layers/layer.ts";
import type { Activation } from "../layout/activation.ts";
import type { OperationContext } from "./operation_context.ts";
import { inputPlan } from "../layout/plans.ts";

/** Of a line of the caches, 64 bytes. */
const wordsInLine = 16;

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
    const { words, wordsPerImage, labels } = store;
    const staged = this.#staged / 4;
    let touched = 0;
    for (let i = 0; i < images; i++) {
      const sample = order === undefined ? start + i : order[start + i];
      target[this.samples / 4 + i] = sample;
      target[this.labels / 4 + i] = labels[sample];
      // Images lie anywhere in memory: many of their lines are on the way at once before the first is needed.
      const end = (sample + 1) * wordsPerImage;
      for (let from = end - wordsPerImage; from < end; from += wordsInLine) touched |= words[from];
    }
    // Or the compiler could leave the reading out.
    target[staged] = touched;
    for (let i = 0, to = staged; i < images; i++) {
      const end = (target[this.samples / 4 + i] + 1) * wordsPerImage;
      for (let from = end - wordsPerImage; from < end; from++) target[to++] = words[from];
    }
    if (store.pixelType === "float32") {
      kernels.copyFloats(this.#floatsPlan, images);
    } else {
      const { mean, deviation } = store.normalization;
      kernels.normalizeBytes(this.#bytesPlan, images, 1 / (255 * deviation), -mean / deviation);
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
