import test from "ava";
import { createImageStore, seedCnn } from "@convoy/core/training";
import { gradientOf } from "@convoy/core/test/gradient_of";
import { createReplica } from "./replica.ts";

const model = seedCnn();
const config = model.toJSON();

for (const kind of ["planned", "tape"] as const) {
  test.serial(`makes a ${kind} replica of the network`, async (t) => {
    const replica = await createReplica({ kind, model: config }, 8);
    t.is(replica.parameterCount, 102_130);
    t.is(replica.classes, 10);
    t.is(replica.capacity, 8);
    replica.dispose();
  });

  test(`refuses a ${kind} replica without room`, async (t) => {
    await t.throwsAsync(createReplica({ kind, model: config }, 0), { code: "REPLICA_CAPACITY" });
  });
}

test("refuses a kind of replica that there is not", async (t) => {
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(createReplica({ kind: "webgl", model: config }, 1), { code: "REPLICA_SPEC" });
});

test.serial("beats of a tape replica change no bit of its gradient", async (t) => {
  const images = Uint8Array.from({ length: 2 * 784 }, (_, i) => (i * 37) % 256);
  const store = createImageStore({ images, labels: [3, 1], shape: [28, 28, 1] }, 10);
  const order = Int32Array.of(1, 0);
  const part = { store, order, start: 0, shardSizes: [1, 1], minibatchSize: 2, seed: 1, step: 0 };
  const gradients: Float32Array[] = [];
  let beats = 0;
  for (const beat of [undefined, () => void beats++]) {
    const replica = await createReplica({ kind: "tape", model: config }, 2, undefined, beat);
    gradients.push(gradientOf(replica, model.getWeights(), part));
  }
  t.deepEqual(gradients[1], gradients[0]);
  // Four layers with weights and their gradients, at least.
  t.true(beats >= 12, `${beats}`);
});
