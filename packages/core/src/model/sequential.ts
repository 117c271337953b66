import type { ImageData, ImageStore } from "../network/data/image_store.ts";
import type { Normalization } from "../network/data/normalization.ts";
import type { PictureFit } from "../network/data/picture_fit.ts";
import { CoreError } from "../errors.ts";
import { initialize } from "../network/initializers/initialize.ts";
import type { BuiltLayer, ParameterSpec } from "../network/layers/built_layer.ts";
import type { ImageShape } from "../network/layers/shape.ts";
import type { Replica } from "../engine/step/replica.ts";
import { buildNetwork, configOf } from "../network/build_network.ts";
import { checkFiniteWeights } from "./finite.ts";
import {
  evaluateBy,
  inferenceChunk,
  predictBy,
  type Evaluation,
  type Forward,
  type PredictOptions,
} from "./inference.ts";
import { type Meaning, withMeaning } from "../network/meaning.ts";
import { nextTurn } from "./next_turn.ts";
import type { SequentialConfig, SequentialOptions } from "../network/sequential_config.ts";
import { summarize } from "../network/summary.ts";
import { weightsSha256 } from "../formats/model/weights_sha256.ts";

/**
 * A network whose layers follow one another, from images to one logit a class.
 *
 * @param options.inputShape [height, width, channels] of an image
 * @param options.layers in the order of the forward pass; the last one must give [classes]
 * @param options.seed key of the first weights, 0 to 2^32 - 1. Default 1
 * @param options.normalization, options.classNames, options.pictureFit what `fit` would take from the data; they can also be
 *   set later: `model.classNames = ["cat", "dog"]`
 *
 * Shape: [N, H, W, C] → [N, classes].
 *
 * @throws `MODEL_OPTION` for an impossible option; `LAYER_KIND` and `LAYER_OPTION` for an impossible layer; `LAYER_SHAPE`
 * when a layer cannot take what comes in; `MODEL_SIZE` for more than 2^28 parameters, 65,536 classes, 1024 layers, or 2^27 values
 * or 2^40 operations for one image. All of that comes before anything is allocated
 *
 * @example
 * const model = new Sequential({
 *   inputShape: [28, 28, 1],
 *   layers: [
 *     conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
 *     maxPool2d(),
 *     flatten(),
 *     dense({ units: 10 }),
 *   ],
 * });
 * model.parameterCount // 27210
 * const probabilities = await model.predict(new Uint8Array(28 * 28)); // ten, which add up to 1
 * model.dispose();
 */
export class Sequential {
  readonly inputShape: ImageShape;
  readonly layers: readonly BuiltLayer[];
  readonly classes: number;
  readonly parameters: readonly ParameterSpec[];
  readonly parameterCount: number;
  readonly seed: number;
  #meaning: Meaning;
  /** Made when first asked for: a network read from a file allocates nothing before its weights are there. */
  #weights: Float32Array | undefined;
  /** The weights that were found to be finite. */
  #finite: Float32Array | undefined;
  #replica: Promise<Replica> | undefined;
  #capacity = 0;
  /** The end of the calls so far: they share one replica, so each waits for the one before. */
  #calls: Promise<void> = Promise.resolve();

  constructor(options: SequentialOptions) {
    const { inputShape, layers, classes, parameters, parameterCount, seed, meaning } = buildNetwork(options);
    this.inputShape = inputShape;
    this.layers = layers;
    this.classes = classes;
    this.parameters = parameters;
    this.parameterCount = parameterCount;
    this.seed = seed;
    this.#meaning = meaning;
  }

  /** See `Meaning`. @throws `MODEL_OPTION` when it is set to what it cannot be */
  get normalization(): Normalization | null | undefined {
    return this.#meaning.normalization;
  }

  set normalization(value: Normalization | null | undefined) {
    this.#mean({ normalization: value });
  }

  /** See `Meaning`. @throws `MODEL_OPTION` when it is set to what they cannot be */
  get classNames(): readonly string[] | undefined {
    return this.#meaning.classNames;
  }

  set classNames(names: readonly string[] | undefined) {
    this.#mean({ classNames: names });
  }

  /** See `Meaning`. @throws `MODEL_OPTION` when it is set to what it cannot be */
  get pictureFit(): PictureFit | undefined {
    return this.#meaning.pictureFit;
  }

  set pictureFit(fit: PictureFit | undefined) {
    this.#mean({ pictureFit: fit });
  }

  /** A copy of the flat parameter vector: declaration order, kernel then bias, HWIO and [in, out]. */
  getWeights(): Float32Array {
    return this.#currentWeights().slice();
  }

  /**
   * Replaces all parameters; they are copied.
   *
   * @param flat parameterCount floats, in the order of `parameters`; they may lie in shared memory
   *
   * @throws `MODEL_WEIGHTS` when it is no Float32Array of this length
   */
  setWeights(flat: Float32Array): void {
    if (!(flat instanceof Float32Array) || flat.length !== this.parameterCount) {
      const came = flat instanceof Float32Array ? `one of ${flat.length}` : typeof flat;
      throw new CoreError(
        "MODEL_WEIGHTS",
        `this network has ${this.parameterCount} parameters, so its weights are a Float32Array of as many; got ${came}.`,
      );
    }
    this.#weights = new Float32Array(flat);
  }

  /** Fingerprint of the weights: SHA-256 of their little-endian float32 bytes. */
  weightsSha256(): string {
    return weightsSha256(this.#currentWeights());
  }

  /** A table of the layers: output shape, parameters and forward FLOPs of each. */
  summary(): string {
    return summarize(this.inputShape, this.layers);
  }

  /** The network as plain data, without its weights. */
  toJSON(): SequentialConfig {
    const { inputShape, layers, classes, parameters, parameterCount, seed } = this;
    return configOf({ inputShape, layers, classes, parameters, parameterCount, seed, meaning: this.#meaning });
  }

  /**
   * The network that `toJSON` described, with its first weights.
   *
   * @throws as the constructor does
   */
  static fromJSON(config: SequentialConfig): Sequential {
    return new Sequential(config);
  }

  /**
   * The probability of each class, for each image. Dropout is off. The event loop gets a turn after every 256 images.
   *
   * @param images one image or many, NHWC; bytes are normalised, floats are taken as they are
   * @param options.normalization of bytes: (byte / 255 - mean) / deviation. Default: the network's, or 0.5 and 0.5
   *
   * Shape: [N, H, W, C] → [N, classes].
   *
   * @throws `DATA_…` as `createImageStore` does; `MODEL_OPTION` for an unknown option; `MODEL_NORMALIZATION` for bytes where
   *   the network was trained on floats; `MODEL_NONFINITE` when its weights or its answers are not finite
   */
  async predict(images: Uint8Array | Float32Array, options: PredictOptions = {}): Promise<Float32Array> {
    return predictBy(this.#here, this, images, options);
  }

  /**
   * Loss and accuracy on labelled images. Dropout is off. The event loop gets a turn after every 256 images.
   *
   * @param data bytes are normalised as the network says, where the data does not say it
   * @param options.normalization of bytes, whatever network and data say
   *
   * @throws `DATA_…` as `createImageStore` does; `MODEL_DATA` when the images have another shape than the network's input, or
   *   other classes; `MODEL_OPTION` for an unknown option; `MODEL_NORMALIZATION` when the data has another normalization than
   *   the network was trained with; `MODEL_NONFINITE` when weights or answers are not finite
   */
  async evaluate(data: ImageData, options: PredictOptions = {}): Promise<Evaluation> {
    return evaluateBy(this.#here, this, data, options);
  }

  /**
   * Writes network and weights into one safetensors file: the whole file, or none.
   *
   * @throws `CHECKPOINT_WRITE` when the file cannot be written
   */
  async save(file: string): Promise<void> {
    const { saveModel } = await import("../formats/model/model_file.ts");
    await saveModel(this, file);
  }

  /**
   * Reads what `save` wrote.
   *
   * @throws `CHECKPOINT_…` when the file is missing, damaged, or holds no network
   */
  static async load(file: string): Promise<Sequential> {
    const { readModel } = await import("../formats/model/model_file.ts");
    const { config, weights } = await readModel(file);
    const model = new Sequential(config);
    model.setWeights(weights);
    return model;
  }

  /** Frees the buffers that `predict` and `evaluate` keep from call to call. The network stays usable. */
  dispose(): void {
    const replica = this.#replica;
    this.#replica = undefined;
    // Those who came before still compute on it.
    void this.#afterCalls(async () => (await replica)?.dispose()).catch(() => {});
  }

  #currentWeights(): Float32Array {
    return (this.#weights ??= initialize(this.parameters, this.seed));
  }

  #mean(said: Meaning): void {
    this.#meaning = withMeaning(this.#meaning, said, this);
  }

  /** Computes in this thread. */
  readonly #here: Forward = { shared: false, run: (store, use) => this.#forward(store, use) };

  #forward(store: ImageStore, use: Parameters<Forward["run"]>[1]): Promise<void> {
    // As they are now: whoever sets others meanwhile means later calls.
    const weights = this.#currentWeights();
    if (this.#finite !== weights) checkFiniteWeights(weights, this.parameters);
    this.#finite = weights;
    const made = this.#cachedReplica(Math.min(store.count, inferenceChunk));
    return this.#afterCalls(async () => {
      const replica = await made;
      replica.load(weights);
      for (let start = 0; start < store.count; start += inferenceChunk) {
        if (start > 0) await nextTurn();
        const count = Math.min(inferenceChunk, store.count - start);
        const logits = new Float32Array(count * this.classes);
        replica.predict(store, start, count, logits);
        use(logits, start, count);
      }
    });
  }

  /** Between two chunks anybody may call: nobody computes on a replica that is freed, or has the weights of another call. */
  #afterCalls(work: () => Promise<void>): Promise<void> {
    const done = this.#calls.then(work);
    this.#calls = done.catch(() => {});
    return done;
  }

  #cachedReplica(capacity: number): Promise<Replica> {
    if (this.#replica !== undefined && capacity <= this.#capacity) return this.#replica;
    this.dispose();
    this.#capacity = capacity;
    const created = import("../engine/step/planned_replica.ts").then(({ createPlannedReplica }) =>
      createPlannedReplica({ kind: "planned", model: this.toJSON(), forwardOnly: true }, capacity),
    );
    this.#replica = created;
    // What failed is not kept: the next call tries again.
    created.catch(() => {
      if (this.#replica === created) this.#replica = undefined;
    });
    return created;
  }
}
