import test from "ava";
import { emittedKernels } from "../../../test/with_exports.ts";
import { createImageStore } from "../../network/data/create_image_store.ts";
import { networks } from "../../model/networks/networks.ts";
import type { Sequential } from "../../model/sequential.ts";
import { createReplica } from "./create_replica.ts";
import type { PlannedSpec } from "./planned_spec.ts";

const count = 5;
const images = Uint8Array.from({ length: count * 784 }, (_, i) => (i * 2_654_435_761) >>> 24);
const store = createImageStore({ images, labels: [0, 1, 2, 3, 4], shape: [28, 28, 1] }, 10);

async function logitsOf(
  model: Sequential,
  options: Pick<PlannedSpec, "kernels" | "forwardOnly">,
): Promise<Float32Array> {
  const replica = await createReplica({ kind: "planned", model: model.toJSON(), ...options }, count);
  const logits = new Float32Array(count * 10);
  replica.load(model.getWeights());
  replica.predict(store, 0, count, logits);
  replica.dispose();
  return logits;
}

for (const [name, make] of Object.entries(networks)) {
  for (const kernels of ["narrow", "wide"] as const) {
    test.serial(
      `${name}, ${kernels}: the same bits as a replica that can train, from the forward kernels alone`,
      async (t) => {
        const model = make();
        const expected = await logitsOf(model, { kernels });
        const emitted = await emittedKernels(async () => {
          t.deepEqual(await logitsOf(model, { kernels, forwardOnly: true }), expected);
        });
        t.true(emitted.size >= 3);
        t.deepEqual(
          [...emitted].filter((kernel) => !kernel.endsWith("/forward")),
          [],
        );
      },
    );
  }
}

test.serial("has no gradient to give, and says so", async (t) => {
  const model = networks["seed-cnn"]();
  const replica = await createReplica({ kind: "planned", model: model.toJSON(), forwardOnly: true }, count);
  replica.load(model.getWeights());
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const part = { store, order, start: 0, shardSizes: [count], minibatchSize: count, seed: 1, step: 0 };
  t.throws(() => replica.gradient(part, new Float32Array(model.parameterCount + 2)), { code: "FORWARD_ONLY" });
  replica.dispose();
});
