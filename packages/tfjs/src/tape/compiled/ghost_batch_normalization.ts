import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import type { Backend } from "@convoy/core/engine";
import type { AnyLayer } from "../layers_in_fields.ts";
import type { Keywords, PassHolder } from "./shard_pass.ts";

type TensorFlow = Backend["tf"];

interface BatchNormalization {
  /** Converted Keras models have it in a list. */
  readonly axis: number | readonly [number];
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
  call(inputs: Tensor | Tensor[], keywords: Keywords): Tensor | Tensor[];
}

/**
 * Makes a batch normalization of tfjs-layers normalise each shard by the shard's own mean and variance, and leave them
 * with the pass instead of updating its moving statistics: those of all shards are added first.
 *
 *     y = gamma · (x - mean) / sqrt(variance + epsilon) + beta, over all axes but `axis`
 *
 * A frozen one does the same, as that of tfjs. Unlike that of tfjs, it may be without scale or offset, and have any axis.
 *
 * Source: Ioffe and Szegedy, arXiv:1502.03167; ghost batches: Hoffer et al., arXiv:1705.08741
 */
export function ghostBatchNormalization(tf: TensorFlow, layer: AnyLayer, holder: PassHolder): void {
  const normalization = layer as unknown as BatchNormalization;
  const predict = normalization.call.bind(normalization);
  normalization.call = (inputs, keywords) => {
    const { pass } = holder;
    if (pass === undefined || keywords?.["training"] !== true) {
      return predict(inputs, { ...keywords, training: false });
    }
    return tf.tidy(() => {
      const [x] = [inputs].flat();
      const given = Number(normalization.axis);
      const axis = given < 0 ? given + x.rank : given;
      // The channels last, whatever the axis: one order of sums for all.
      const order = [...x.shape.keys()].filter((each) => each !== axis).concat(axis);
      const moved = axis === x.rank - 1 ? x : tf.transpose(x, order);
      const rows = tf.reshape(moved, [-1, x.shape[axis]]);
      const { mean, variance } = tf.moments(rows, 0);
      pass.statistics.push({
        layer,
        mean: mean.dataSync<"float32">().slice(),
        variance: variance.dataSync<"float32">().slice(),
      });
      const { beta, gamma, epsilon } = normalization;
      const offset = beta?.read() ?? tf.zerosLike(mean);
      const scale = gamma?.read() ?? tf.onesLike(mean);
      const normed = tf.batchNorm(rows, mean, variance, offset, scale, epsilon);
      const back = tf.reshape(normed, moved.shape);
      return axis === x.rank - 1 ? back : tf.transpose(back, inverse(order));
    });
  };
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

/** The weights that a step changes although they are not trained. */
export function movingStatistics(layer: AnyLayer): readonly [mean: LayerVariable, variance: LayerVariable] {
  const { movingMean, movingVariance } = layer as unknown as BatchNormalization;
  return [movingMean, movingVariance];
}

/** moving -= (moving - value) · (1 - momentum), as tfjs-layers does it */
export function updateMovingStatistics(
  tf: TensorFlow,
  layer: AnyLayer,
  mean: Float32Array,
  variance: Float32Array,
): void {
  const { momentum } = layer as unknown as BatchNormalization;
  const values = [mean, variance];
  tf.tidy(() => {
    for (const [i, weight] of movingStatistics(layer).entries()) {
      const before = weight.read();
      weight.write(tf.sub(before, tf.mul(tf.sub(before, tf.tensor1d(values[i])), 1 - momentum)));
    }
  });
}
