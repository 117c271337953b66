import type { Rank, Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-core";
import { type Backend, buildLayers, isActivation } from "@convoy/core/engine";
import type { Activation, BuiltLayer, SequentialConfig } from "@convoy/core";
import { dropoutMask } from "./dropout_mask.ts";
import { crossEntropyOfLogits, type TapeNetwork, type TrainingPass } from "./tape_network.ts";

/** What computes each activation. */
const functions: { readonly [Name in Activation]: (tf: Backend["tf"], x: Tensor) => Tensor } = {
  linear: (_, x) => x,
  relu: (tf, x) => tf.relu(x),
  relu6: (tf, x) => tf.relu6(x),
};

/** Our own layers, computed with tfjs operations. */
export class SequentialNetwork implements TapeNetwork {
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  readonly trainable: readonly Variable[];
  readonly #tf: Backend["tf"];
  readonly #layers: readonly BuiltLayer[];

  constructor({ tf }: Backend, model: SequentialConfig) {
    this.#tf = tf;
    this.#layers = buildLayers(model.inputShape, model.layers);
    this.inputShape = model.inputShape;
    this.classes = this.#layers[this.#layers.length - 1].outputShape[0];
    const specs = this.#layers.flatMap(({ parameters }) => parameters);
    this.trainable = specs.map(({ shape }) => tf.tidy(() => tf.variable(tf.zeros([...shape]), true)));
  }

  setParameters(tensors: readonly Tensor[]): void {
    for (const [i, variable] of this.trainable.entries()) variable.assign(tensors[i]);
    for (const tensor of tensors) tensor.dispose();
  }

  forward(images: Tensor, pass: TrainingPass | undefined): Tensor {
    let next = 0;
    return this.#layers.reduce((x, built, index) => {
      const parameters = this.trainable.slice(next, next + built.parameters.length);
      next += built.parameters.length;
      return this.#layer(x, built, index, parameters, pass);
    }, images);
  }

  #layer(
    x: Tensor,
    { layer, outputShape }: BuiltLayer,
    index: number,
    [kernel, bias]: readonly Variable[],
    pass: TrainingPass | undefined,
  ): Tensor {
    const tf = this.#tf;
    if (isActivation(layer)) return this.#activate(x, layer.kind);
    switch (layer.kind) {
      case "conv2d": {
        const y = tf.conv2d(x as Tensor4D, kernel as Variable<Rank.R4>, [...layer.strides], layer.padding);
        return this.#activate(bias === undefined ? y : tf.add(y, bias), layer.activation);
      }
      case "dense": {
        const y = tf.matMul(x, kernel);
        return this.#activate(bias === undefined ? y : tf.add(y, bias), layer.activation);
      }
      case "maxPool2d":
        return tf.maxPool(x as Tensor4D, [...layer.poolSize], [...layer.strides], layer.padding);
      case "averagePool2d":
        return tf.avgPool(x as Tensor4D, [...layer.poolSize], [...layer.strides], layer.padding);
      case "flatten":
        return tf.reshape(x, [x.shape[0], outputShape[0]]);
      default: {
        if (pass === undefined) return x;
        const size = outputShape.reduce((product, length) => product * length, 1);
        const mask = dropoutMask({ ...pass, layer: index, rate: layer.rate }, pass.samples, size);
        return tf.mul(x, tf.tensor(mask, x.shape));
      }
    }
  }

  #activate(x: Tensor, activation: Activation): Tensor {
    return functions[activation](this.#tf, x);
  }

  losses(outputs: Tensor, oneHotLabels: Tensor): Tensor {
    return crossEntropyOfLogits(this.#tf, outputs, oneHotLabels);
  }

  predictions(outputs: Tensor): Tensor {
    return outputs;
  }

  dispose(): void {
    for (const variable of this.trainable) variable.dispose();
  }
}
