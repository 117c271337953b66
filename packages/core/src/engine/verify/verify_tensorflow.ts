import type { Tensor } from "@tensorflow/tfjs-core";
import { startBackend } from "../backend/start.ts";
import { mix } from "../../network/random/random_uint32.ts";
import { relativeDistance } from "./reference/closeness.ts";
import { conv2d } from "./reference/conv2d.ts";
import { dense } from "./reference/dense.ts";
import { maxPool2d } from "./reference/max_pool2d.ts";
import { tensor, type Tensor as Reference } from "./reference/tensor.ts";

const tolerance = 1e-5;

/** Holds the tfjs binary's convolution, product of matrices and max pool to the reference. */
export async function verifyTensorFlow(rounds: number): Promise<string[]> {
  const { tf } = await startBackend();
  const x = noise([2, 9, 9, 6], 1);
  const filter = noise([3, 3, 6, 18], 2);
  const rows = noise([13, 37], 3);
  const matrix = noise([37, 21], 4);
  const settings = { strides: [1, 1], padding: "same" } as const;
  const pool = { poolSize: [2, 2], strides: [2, 2], padding: "valid" } as const;
  const float = (of: Reference): Tensor => tf.tensor(Float32Array.from(of.data), [...of.shape], "float32");
  const operations: readonly (readonly [name: string, expected: Reference, run: () => Tensor])[] = [
    [
      "conv2d",
      conv2d(x, filter, undefined, settings),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made with this rank
      () => tf.conv2d(float(x) as never, float(filter) as never, 1, "same"),
    ],
    ["matMul", dense(rows, matrix, undefined), () => tf.matMul(float(rows), float(matrix))],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made with this rank
    ["maxPool", maxPool2d(x, pool).y, () => tf.maxPool(float(x) as never, 2, 2, "valid")],
  ];
  for (let round = 1; round <= rounds; round++) {
    for (const [name, expected, run] of operations) {
      const got = tf.tidy(() => run().dataSync<"float32">());
      const distance = relativeDistance(got, expected.data);
      if (!(distance <= tolerance)) return [`tfjs ${name}, call ${round}, is off by ${distance.toExponential(1)}`];
    }
  }
  return [];
}

/** Values from -1 to 1, exact in float32. */
function noise(shape: readonly number[], key: number): Reference {
  const result = tensor(shape);
  for (let i = 0; i < result.data.length; i++) result.data[i] = ((mix(mix(key) + i) & 0xffff) - 0x8000) / 0x8000;
  return result;
}
