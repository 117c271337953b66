import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import { type Backend, startBackend } from "@convoy/core/engine";
import type { ImageStore, SequentialConfig } from "@convoy/core/training";
import { TfjsError } from "../errors.ts";
import { type MinibatchPart, type Replica, score } from "@convoy/core/replica";
import { register } from "../mend/register.ts";
import { beatBetweenOperations } from "./beat_between_operations.ts";
import { gatherImages } from "./gather_images.ts";
import { layersNetwork } from "./layers_network.ts";
import { SequentialNetwork } from "./sequential_network.ts";
import type { TapeNetwork } from "./tape_network.ts";
import { treeSum } from "./tree_sum.ts";

/**
 * A network that trains through tfjs's tape: an oracle of the planned step, and the way for any tfjs-layers model.
 *
 * @param model a Sequential's configuration, or the JSON of a tfjs-layers model's topology
 * @param capacity the most images in one call
 * @param beat called between any two operations of tfjs
 * @throws `TAPE_LAYER_UNSUPPORTED`, `TAPE_MODEL`, `TAPE_FROZEN` for tfjs-layers models that cannot be trained so;
 *   `BACKEND_UNAVAILABLE` when the tfjs packages are missing
 */
export async function createTapeReplica(
  model: SequentialConfig | { readonly topology: string },
  capacity: number,
  beat?: () => void,
): Promise<Replica> {
  const backend = await startBackend();
  register(backend.tf);
  const network =
    "topology" in model ? await layersNetwork(backend, model.topology) : new SequentialNetwork(backend, model);
  const beginPass = beat === undefined ? undefined : beatBetweenOperations(backend.tf, beat);
  return new TapeReplica(backend.tf, network, capacity, beginPass);
}

class TapeReplica implements Replica {
  readonly parameterCount: number;
  readonly classes: number;
  readonly capacity: number;
  readonly #tf: Backend["tf"];
  readonly #network: TapeNetwork;
  readonly #sizes: readonly number[];
  readonly #beginPass: (() => void) | undefined;

  constructor(tf: Backend["tf"], network: TapeNetwork, capacity: number, beginPass: (() => void) | undefined) {
    this.#tf = tf;
    this.#beginPass = beginPass;
    this.#network = network;
    this.#sizes = network.trainable.map(({ size }) => size);
    this.parameterCount = this.#sizes.reduce((sum, size) => sum + size, 0);
    this.classes = network.classes;
    this.capacity = capacity;
  }

  load(parameters: Float32Array): void {
    let offset = 0;
    // New tensors, because XNNPACK keeps packed copies of those it has seen.
    const tensors = this.#network.trainable.map(({ shape }, i) => {
      const values = parameters.slice(offset, offset + this.#sizes[i]);
      offset += this.#sizes[i];
      return this.#tf.tensor(values, shape);
    });
    this.#network.setParameters(tensors);
  }

  gradient(part: MinibatchPart, out: Float32Array): void {
    this.#check(
      part.store,
      part.shardSizes.reduce((sum, size) => sum + size, 0),
    );
    let start = part.start;
    const shards = part.shardSizes.map((size) => {
      const samples = [...part.order.subarray(start, start + size)];
      start += size;
      return size === 0 ? new Float32Array(this.parameterCount + 2) : this.#shardGradient(part, samples);
    });
    out.set(treeSum(shards));
  }

  #shardGradient({ store, minibatchSize, seed, step }: MinibatchPart, samples: readonly number[]): Float32Array {
    const tf = this.#tf;
    this.#beginPass?.();
    const out = new Float32Array(this.parameterCount + 2);
    tf.tidy(() => {
      const labels = samples.map((sample) => store.labels[sample]);
      const images = this.#images(store, samples);
      const oneHot = this.#oneHot(labels);
      let logits = new Float32Array(0);
      const { value, grads } = tf.variableGrads(() => {
        const outputs = this.#network.forward(images, { samples, seed, step });
        logits = Float32Array.from(this.#network.predictions(outputs).dataSync());
        return tf.div<Scalar>(tf.sum(this.#network.losses(outputs, oneHot)), minibatchSize);
      }, [...this.#network.trainable]);
      let offset = 0;
      for (const [i, variable] of this.#network.trainable.entries()) {
        // A weight that no path leads to has no entry, and no gradient.
        const gradient: Tensor | undefined = grads[variable.name];
        if (gradient !== undefined) out.set(gradient.dataSync<"float32">(), offset);
        offset += this.#sizes[i];
      }
      out[this.parameterCount] = value.dataSync()[0];
      out[this.parameterCount + 1] = score(logits, labels, 0, samples.length, this.classes).correct;
    });
    return out;
  }

  predict(store: ImageStore, start: number, count: number, out: Float32Array): void {
    this.#check(store, count);
    if (start < 0 || start + count > store.count || out.length < count * this.classes) {
      throw new TfjsError(
        "PREDICT_RANGE",
        `images ${start} to ${start + count - 1} of ${store.count} were asked for, and room for ` +
          `${Math.floor(out.length / this.classes)} results was given. Ask for images that exist, with room for all.`,
      );
    }
    const tf = this.#tf;
    this.#beginPass?.();
    tf.tidy(() => {
      const samples = Array.from({ length: count }, (_, i) => start + i);
      const outputs = this.#network.forward(this.#images(store, samples), undefined);
      out.set(this.#network.predictions(outputs).dataSync<"float32">());
    });
  }

  dispose(): void {
    this.#network.dispose();
  }

  #images(store: ImageStore, samples: readonly number[]): Tensor {
    return this.#tf.tensor(gatherImages(store, samples), [samples.length, ...store.shape]);
  }

  /** Made here, because the backend's own OneHot writes integers into a float32 tensor. */
  #oneHot(labels: readonly number[]): Tensor {
    const values = new Float32Array(labels.length * this.classes);
    for (const [n, label] of labels.entries()) values[n * this.classes + label] = 1;
    return this.#tf.tensor(values, [labels.length, this.classes]);
  }

  #check(store: ImageStore, images: number): void {
    const { inputShape } = this.#network;
    if (store.shape.some((size, axis) => size !== inputShape[axis])) {
      throw new TfjsError(
        "IMAGE_SHAPE",
        `the network takes ${inputShape.join("×")} images, the store has ${store.shape.join("×")}. ` +
          "Build the network with the images' shape.",
      );
    }
    if (images > this.capacity) {
      throw new TfjsError(
        "CAPACITY",
        `the replica was made for at most ${this.capacity} images a call, and ${images} came. Make it for more.`,
      );
    }
  }
}
