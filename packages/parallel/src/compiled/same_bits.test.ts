import test from "ava";
import { haveSameBits, sameBitsCases } from "../../test/compiled_same_bits.ts";
import { convolution, perceptron, pictures, rows } from "../../test/compiled_models.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";

const tf = await tensorflow();

/** Of each case in turn; the long test has all of them. */
const quickly = [[2], [2, 3], [3], [4], [2]];
for (const [i, each] of sameBitsCases.entries()) {
  test.serial(`${[1, ...quickly[i]].join(", ")} workers give the same bits: ${each.title}`, async (t) => {
    await haveSameBits(t, each, quickly[i]);
  });
}

test.serial("another seed gives other bits, of the order and of dropout", async (t) => {
  const hashes = new Set<string>();
  for (const options of [{}, { seed: 2 }, { shuffle: false }, { shuffle: false, seed: 2 }]) {
    const model = convolution();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "sparseCategoricalCrossentropy" });
    hashes.add((await fit(model, pictures(64), { ...options, workers: 2 })).weightsSha256);
  }
  t.is(hashes.size, 4);
});

test.serial("a network learns", async (t) => {
  const model = perceptron();
  model.compile({ optimizer: tf.train.adam(0.05), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const { history } = await fit(model, rows(512), { epochs: 15, workers: 2, validationData: rows(100) });
  const { loss, val_acc: accuracy } = history;
  t.true(loss[14] < loss[0] * 0.7, String(loss));
  t.true(accuracy[14] > 0.75, String(accuracy));
});
