import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../tensorflow.ts";
import type { LayerCase } from "./layer_cases.ts";

type TensorFlow = Awaited<ReturnType<typeof tensorflow>>;

export const batch = 3;

/** Values of a layer's weights, in its order, and of its input, which comes last. */
export type Values = readonly Float32Array[];

export interface Gradients {
  readonly output: Float32Array;
  /** Of Σ output · direction, for the trainable weights and then the input; undefined where there is none. */
  readonly gradients: readonly (Float32Array | undefined)[];
}

export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A layer, built, in the mode of training unless it draws numbers, as a function of its weights and its input. */
export class LayerFunction {
  readonly #tf: TensorFlow;
  readonly #case: LayerCase;
  readonly #layer: ReturnType<typeof layers.dense>;
  readonly #direction: Float32Array;

  constructor(tf: TensorFlow, layerCase: LayerCase) {
    this.#tf = tf;
    this.#case = layerCase;
    this.#layer = layerCase.make();
    // A first call builds it.
    const size = tf.tidy(() => this.#forward(tf.zeros([batch, ...layerCase.inputShape])).size);
    this.#direction = Float32Array.from(new Draw(1).floats(size));
  }

  get shapes(): readonly (readonly number[])[] {
    return [...this.#layer.weights.map(({ shape }) => shape as number[]), [batch, ...this.#case.inputShape]];
  }

  /** Weights that a gradient is asked of come first in `trainable`; the rest are moving statistics. */
  draw(seed: number): Values {
    const draw = new Draw(seed);
    const { ids } = this.#case;
    return this.shapes.map((shape, i) => {
      const length = count(shape);
      if (i === this.#layer.weights.length && ids !== undefined) {
        return Float32Array.from({ length }, () => draw.integer(0, ids - 1));
      }
      // Variances are not negative.
      const statistics = this.#layer.weights[i]?.originalName.includes("variance");
      return Float32Array.from(draw.floats(length, statistics ? 0.5 : -1));
    });
  }

  /** Σ output · direction, in float64. */
  value(values: Values): number {
    const output = this.#tf.tidy(() => this.#forward(this.#set(values)).dataSync<"float32">());
    return output.reduce((sum, y, i) => sum + y * this.#direction[i], 0);
  }

  gradients(values: Values): Gradients {
    const tf = this.#tf;
    let output = new Float32Array(0);
    const gradients = tf.tidy(() => {
      const input = tf.variable(this.#set(values));
      const trainable = this.#layer.trainableWeights.map((weight) => weight.read() as Variable);
      const asked = this.#case.noInputGradient === undefined ? [...trainable, input] : trainable;
      if (asked.length === 0) {
        output = Float32Array.from(this.#forward(input).dataSync<"float32">());
        return [];
      }
      const { grads } = tf.variableGrads(() => {
        const y = this.#forward(input);
        output = Float32Array.from(y.dataSync<"float32">());
        return tf.sum<Scalar>(tf.mul(y, tf.tensor(this.#direction, y.shape)));
      }, asked);
      input.dispose();
      const found = (variable: Variable): Float32Array => grads[variable.name].dataSync<"float32">();
      const trained = new Map(this.#layer.trainableWeights.map((weight, i) => [weight, found(trainable[i])]));
      return [...this.#layer.weights.map((weight) => trained.get(weight)), ...asked.slice(trainable.length).map(found)];
    });
    return { output, gradients };
  }

  #set(values: Values): Tensor {
    const tensors = values.map((value, i) => this.#tf.tensor(Float32Array.from(value), [...this.shapes[i]]));
    this.#layer.setWeights(tensors.slice(0, -1));
    return tensors[tensors.length - 1];
  }

  #forward(input: Tensor): Tensor {
    return this.#layer.apply(input, { training: this.#case.random !== true }) as Tensor;
  }
}
