import { CoreError } from "../../errors.ts";
import type { BuiltLayer } from "./built_layer.ts";
import { rulesOf } from "./layers.ts";
import { type Shape, shapeSize, shapeText } from "./shape.ts";
import { type SlidingWindow, windowGeometry } from "./window.ts";

/** Four times the deepest networks that people train. Each layer is code of its own. */
export const mostLayers = 1024;

/** 512 MiB of floats: all activations of one image. A thread's WebAssembly has 4 GiB for some images and their gradients. */
export const mostValues: number = 2 ** 27;

/** Of one image's forward pass: some minutes of a processor core. */
export const mostFlops: number = 2 ** 40;

/**
 * Refuses more layers than can be: before any of them is looked at.
 *
 * @throws `MODEL_SIZE`
 */
export function checkLayerCount(count: number): void {
  if (count <= mostLayers) return;
  throw new CoreError("MODEL_SIZE", `the network has ${count} layers; ${mostLayers} are the most. Use fewer.`);
}

/** Adds up what one image takes in a network, layer by layer, and refuses the layer that is too much. */
export class ImageSize {
  #values: number;
  #flops = 0;

  constructor(inputShape: Shape) {
    this.#values = shapeSize(inputShape);
  }

  /** The input and all activations of one image, with the zeros around them. */
  get values(): number {
    return this.#values;
  }

  /** @throws `MODEL_SIZE` */
  add({ name, layer, inputShape, outputShape, flops }: Omit<BuiltLayer, "parameters">): void {
    const rules = rulesOf(layer);
    if (rules.reshapes !== true) this.#values += shapeSize(outputShape) + borderSize(rules.window?.(layer), inputShape);
    if (!(this.#values <= mostValues)) {
      throw new CoreError(
        "MODEL_SIZE",
        `${name}, from ${shapeText(inputShape)} to ${shapeText(outputShape)}, makes it more than ${mostValues} values for ` +
          `one image (512 MiB). Use smaller images, larger strides or fewer filters.`,
      );
    }
    this.#flops += flops;
    if (this.#flops <= mostFlops) return;
    throw new CoreError(
      "MODEL_SIZE",
      `${name} makes it more than ${mostFlops} floating-point operations for one image. Use smaller images or windows, ` +
        `larger strides or fewer filters.`,
    );
  }
}

/** Zeros around the input of a layer with padding. */
function borderSize(window: SlidingWindow | undefined, [height, width, channels]: Shape): number {
  if (window === undefined || window.padding === "valid") return 0;
  const [rows, columns] = [height, width].map((size, axis) => {
    const { padBefore, padAfter } = windowGeometry(size, window.size[axis], window.strides[axis], window.padding);
    return padBefore + size + padAfter;
  });
  return (rows * columns - height * width) * channels;
}
