import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import type { Gradient } from "../gradients.ts";

/**
 * Each slice of x gets the sum of dy over the places that show it.
 *
 *     dx[b, o, s, i] = Σ_{n: indices[b, n] = s} dy[b, o, n, i]
 *
 * Shape: dy [batches, outer, count, inner], indices [batches, count] → x's [batches, outer, size, inner].
 *
 * tfjs's own gradient takes one batch after the other, about ten kernels for each, and has none for indices with more
 * than one batch dimension. Batches are summed at once here: the segments of batch b begin at b · size.
 */
export const gatherGradient: Gradient = (tf) => ({
  inputsToSave: ["x", "indices"],
  gradFunc(gradient, [x, indices], attributes) {
    const dy = gradient as Tensor;
    const [axis] = tf.util.parseAxisParam(attributes["axis"] as number, x.shape);
    const { batchSize, outerSize, dimSize, sliceSize } = tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x,
      indices,
      axis,
      (attributes["batchDims"] as number | undefined) ?? 0,
    );
    return {
      x() {
        if (x.size === 0) return tf.zeros(x.shape);
        const count = indices.size / batchSize;
        const rows = swapMiddle(tf, dy, [batchSize, outerSize, count, sliceSize]);
        const sums = tf.unsortedSegmentSum(
          tf.reshape(rows, [batchSize * count, outerSize * sliceSize]),
          segments(count),
          batchSize * dimSize,
        );
        return tf.reshape(swapMiddle(tf, sums, [batchSize, dimSize, outerSize, sliceSize]), x.shape);
      },
      // Of whole numbers.
      indices: () => tf.zeros(indices.shape),
    };

    function segments(count: number): ReturnType<typeof tf.tensor1d> {
      const own = tf.reshape(indices, [batchSize, count]);
      if (batchSize === 1) return tf.reshape(own, [count]);
      const first = tf.range(0, batchSize * dimSize, dimSize, "int32");
      return tf.reshape(tf.add(own, tf.reshape(first, [batchSize, 1])), [batchSize * count]);
    }
  },
});

/** x of this shape, with its two middle axes changed over. */
function swapMiddle(tf: TensorFlow, x: Tensor, shape: [number, number, number, number]): Tensor {
  const whole = tf.reshape(x, shape);
  return shape[1] === 1 || shape[2] === 1 ? whole : tf.transpose(whole, [0, 2, 1, 3]);
}
