import type { Tensor } from "@tensorflow/tfjs-core";
import type { Backend } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import { dropoutMask } from "../dropout_mask.ts";
import { keyedNoise } from "./keyed_noise.ts";
import type { AnyLayer } from "../layers_in_fields.ts";
import type { Keywords, PassHolder, ShardPass } from "./shard_pass.ts";

type TensorFlow = Backend["tf"];

/** What layers of tfjs-layers that draw random numbers have, some of them. */
interface RandomLayer {
  readonly name: string;
  readonly rate: number;
  readonly stddev: number;
  readonly noiseShape?: readonly (number | null)[] | null;
  dropoutFunc?: (ones: Tensor, rate: number) => Tensor;
  getNoiseShape?(input: Tensor): number[] | null | undefined;
  call(inputs: Tensor | Tensor[], keywords: Keywords): Tensor | Tensor[];
}

/** More layers than a model has: the numbers of one call never meet those of the next. */
const layersPerCall = 0x10000;

/** The sample that noise is drawn for which all samples share. */
const everySample = [-1];

/**
 * Makes a layer of tfjs-layers draw its random numbers by (seed, place of the layer, step, sample), so that they are the
 * same in whichever thread a sample is. Layers that draw none stay as they are. The formulas are those of tfjs-layers.
 *
 * @param place of the layer in the model
 */
export function keyRandomNumbers(tf: TensorFlow, layer: AnyLayer, place: number, holder: PassHolder): void {
  const random = layer as unknown as RandomLayer;
  if ("dropoutFunc" in layer) {
    random.dropoutFunc = (ones, rate) => {
      const drawn = new Draw(tf, layer, place, passOf(holder, random));
      return tf.mul(ones, drawn.mask(ones.shape, false, rate));
    };
    return;
  }
  const noisy = noisyOutputs[layer.getClassName()] as NoisyOutput | undefined;
  if (noisy === undefined) return;
  const predict = random.call.bind(random);
  random.call = (inputs, keywords) => {
    if (holder.pass === undefined || keywords?.["training"] !== true) return predict(inputs, keywords);
    const drawn = new Draw(tf, layer, place, holder.pass);
    return tf.tidy(() => noisy(tf, random, [inputs].flat()[0], drawn));
  };
}

type NoisyOutput = (tf: TensorFlow, layer: RandomLayer, input: Tensor, drawn: Draw) => Tensor;

const noisyOutputs: Readonly<Record<string, NoisyOutput>> = {
  Dropout: dropped,
  SpatialDropout1D: dropped,
  GaussianNoise: (tf, { stddev }, input, drawn) => tf.add(input, tf.mul(drawn.noise(input.shape), stddev)),
  GaussianDropout(tf, { rate }, input, drawn) {
    if (!(rate > 0 && rate < 1)) return input;
    return tf.mul(input, tf.add(tf.mul(drawn.noise(input.shape), Math.sqrt(rate / (1 - rate))), 1));
  },
  /**
   * Dropped values become alpha', then a · x + b gives mean and variance back. tfjs-layers itself has the sign of alpha'
   * wrong. Source: Klambauer et al., arXiv:1706.02515
   */
  AlphaDropout(tf, layer, input, drawn) {
    const { rate } = layer;
    if (!(rate > 0 && rate < 1)) return input;
    const alphaPrime = -1.6732632423543772 * 1.0507009873554805;
    const a = ((1 - rate) * (1 + rate * alphaPrime ** 2)) ** -0.5;
    const b = -a * alphaPrime * rate;
    const kept = tf.cast(tf.greater(drawn.mask(...noiseShape(layer, input), rate), 0), "float32");
    const x = tf.add(tf.mul(input, kept), tf.mul(tf.sub(1, kept), alphaPrime));
    return tf.add(tf.mul(x, a), b);
  },
};

function dropped(tf: TensorFlow, layer: RandomLayer, input: Tensor, drawn: Draw): Tensor {
  const { rate } = layer;
  return rate > 0 && rate < 1 ? tf.mul(input, drawn.mask(...noiseShape(layer, input), rate)) : input;
}

/** @returns shape of the mask, and whether all samples share it */
function noiseShape(layer: RandomLayer, input: Tensor): [shape: number[], shared: boolean] {
  const own = layer.noiseShape;
  const shape = layer.getNoiseShape?.(input) ?? own?.map((length, axis) => length ?? input.shape[axis]) ?? input.shape;
  return [shape, own?.[0] === 1];
}

function passOf({ pass }: PassHolder, { name }: RandomLayer): ShardPass {
  if (pass !== undefined) return pass;
  throw new Error(`layer ${name} drops values outside of training`);
}

/** The random numbers of one call of a layer. */
class Draw {
  readonly #tf: TensorFlow;
  readonly #layer: AnyLayer;
  readonly #key: { readonly seed: number; readonly layer: number; readonly step: number };
  readonly #samples: readonly number[];

  constructor(tf: TensorFlow, layer: AnyLayer, place: number, pass: ShardPass) {
    this.#tf = tf;
    this.#layer = layer;
    this.#key = { seed: pass.seed, layer: place + layersPerCall * pass.callsOf(layer), step: pass.step };
    this.#samples = pass.samples;
  }

  /** 0 where a value is dropped, 1 / (1 - rate) where it is kept. */
  mask(shape: readonly number[], shared: boolean, rate: number): Tensor {
    const samples = shared ? everySample : this.#samplesOf(shape);
    const size = shape.reduce((product, length) => product * length, 1) / samples.length;
    return this.#tf.tensor(dropoutMask({ ...this.#key, rate }, samples, size), [...shape]);
  }

  noise(shape: readonly number[]): Tensor {
    const samples = this.#samplesOf(shape);
    const size = shape.reduce((product, length) => product * length, 1) / samples.length;
    return this.#tf.tensor(keyedNoise(this.#key, samples, size), [...shape]);
  }

  #samplesOf([rows]: readonly number[]): readonly number[] {
    if (rows === this.#samples.length) return this.#samples;
    throw new TfjsError(
      "TAPE_LAYER_UNSUPPORTED",
      `layer "${this.#layer.name}" draws random numbers for ${rows} rows of ${this.#samples.length} samples, so that they ` +
        "cannot be drawn by sample, the same in every thread. Keep the samples on the first axis.",
    );
  }
}
