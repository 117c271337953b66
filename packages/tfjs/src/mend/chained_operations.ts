import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";

/** Methods of a tensor that are the operation of the same name, with the tensor as its first argument. */
const sameName = `abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchNorm batchToSpaceND
  broadcastTo cast ceil clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod cumsum depthToSpace depthwiseConv2d
  dilation2d div divNoNan dot elu equal erf euclideanNorm exp expandDims expm1 fft floor floorDiv gather greater
  greaterEqual ifft irfft isFinite isInf isNaN leakyRelu less lessEqual localResponseNormalization log log1p logSigmoid
  logSoftmax logSumExp logicalAnd logicalNot logicalOr logicalXor matMul max maxPool maximum mean min minimum mirrorPad
  mod mul neg norm notEqual oneHot onesLike pad pool pow prelu prod reciprocal relu relu6 reshape reverse rfft round
  rsqrt selu separableConv2d sigmoid sign sin sinh slice softmax softplus spaceToBatchND split sqrt square
  squaredDifference squeeze step stridedSlice sub sum tan tanh tile topk transpose unique unsortedSegmentSum unstack
  zerosLike`.split(/\s+/);

type Operation = (x: Tensor, ...rest: never[]) => unknown;
type Method = (this: Tensor, ...rest: never[]) => unknown;

const list = (x: Tensor | Tensor[]): Tensor[] => (Array.isArray(x) ? x : [x]);

/** The methods that are not. */
function otherOperations(tf: TensorFlow): Record<string, Operation> {
  const flat: Operation = (x) => tf.reshape(x, [x.size]);
  const shaped: Operation = (x, ...shape: number[]) => tf.reshape(x, shape);
  return {
    flatten: flat,
    as1D: flat,
    as2D: shaped,
    as3D: shaped,
    as4D: shaped,
    as5D: shaped,
    asScalar(x) {
      tf.util.assert(x.size === 1, () => "The array must have only 1 element.");
      return tf.reshape(x, []);
    },
    asType: (x, dtype: Tensor["dtype"]) => tf.cast(x, dtype),
    toBool: (x) => tf.cast(x, "bool"),
    toFloat: (x) => tf.cast(x, "float32"),
    toInt: (x) => tf.cast(x, "int32"),
    reshapeAs: (x, { shape }: Tensor) => tf.reshape(x, shape),
    concat: (x, others: Tensor | Tensor[], axis?: number) => tf.concat([x, ...list(others)], axis),
    stack: (x, others: Tensor | Tensor[], axis?: number) => tf.stack([x, ...list(others)], axis),
    where: (x, condition: Tensor, other: Tensor) => tf.where(condition, x, other),
    resizeBilinear: (x, ...rest: [[number, number]]) => tf.image.resizeBilinear(x as Tensor3D, ...rest),
    resizeNearestNeighbor: (x, ...rest: [[number, number]]) => tf.image.resizeNearestNeighbor(x as Tensor3D, ...rest),
  };
}

/**
 * Gives tensors the methods that tfjs-core alone does not register (`x.flatten()`, `x.add(y)`); those that are there stay.
 * tfjs-layers needs some of them, but does not register them either: no recurrent layer can be built without.
 */
export function registerChainedOperations(tf: TensorFlow): void {
  const prototype = tf.Tensor.prototype as unknown as Record<string, Method | undefined>;
  const operations = tf as unknown as Record<string, Operation>;
  const named = sameName.map((name): [string, Operation] => [name, operations[name]]);
  for (const [name, operation] of [...named, ...Object.entries(otherOperations(tf))]) {
    prototype[name] ??= function (...rest) {
      this.throwIfDisposed();
      return operation(this, ...rest);
    };
  }
}
