import test from "ava";
import { seedCnn } from "../../model/networks/seed_cnn.ts";
import { createReplica } from "./create_replica.ts";

const model = seedCnn().toJSON();

for (const capacity of [0, -1, 1.5, NaN, undefined]) {
  test(`refuses a capacity of ${String(capacity)}`, async (t) => {
    // @ts-expect-error -- the types refuse one of them too
    await t.throwsAsync(createReplica({ kind: "planned", model }, capacity), {
      code: "REPLICA_CAPACITY",
      message: /whole number from 1; got/,
    });
  });
}

test("refuses a kind of replica that there is not", async (t) => {
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(createReplica({ kind: "webgl", model }, 1), {
    code: "REPLICA_SPEC",
    message: /"planned"; got "webgl"/,
  });
});

test("makes a planned replica of the network", async (t) => {
  const replica = await createReplica({ kind: "planned", model }, 8);
  t.is(replica.parameterCount, 102_130);
  t.is(replica.classes, 10);
  t.is(replica.capacity, 8);
  replica.dispose();
});
