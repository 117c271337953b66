import test from "ava";
import { countedTensor } from "../../../test/counted_tensor.ts";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();
const types = ["float32", "int32", "bool"] as const;

test("tile repeats any axes, in any type", (t) => {
  for (const dtype of types) {
    for (const [shape, reps] of [
      [[3], [4]],
      [[1], [7]],
      [
        [2, 3],
        [2, 3],
      ],
      [
        [1, 1, 1, 16],
        [4, 13, 5, 1],
      ],
      [
        [2, 1, 3],
        [1, 5, 1],
      ],
      [
        [2, 3, 2],
        [3, 1, 2],
      ],
      [
        [2, 1, 2, 1, 3],
        [2, 2, 1, 3, 1],
      ],
      [
        [2, 3],
        [1, 1],
      ],
      [[2], [0]],
    ]) {
      tf.tidy(() => {
        const x = countedTensor(shape, dtype);
        const y = tf.tile(x, reps);
        let right = x;
        for (const [axis, times] of reps.entries()) {
          const copies = Array.from({ length: times }, () => right);
          if (times > 0) right = tf.concat(copies, axis);
        }
        t.deepEqual(
          y.shape,
          shape.map((size, d) => size * reps[d]),
        );
        t.is(y.dtype, dtype);
        if (y.size > 0) t.deepEqual([...y.dataSync()], [...right.dataSync()], JSON.stringify([shape, reps]));
      });
    }
  }
});
