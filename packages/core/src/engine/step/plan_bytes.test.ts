import process from "node:process";
import test from "ava";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { seedCnn } from "../../model/networks/seed_cnn.ts";
import { Sequential } from "../../model/sequential.ts";
import { createReplica } from "./create_replica.ts";
import { planBytes } from "./plan_bytes.ts";

test("counts parameters, input and activations, and gradients where they are wanted: by hand", (t) => {
  const layers = [conv2d({ filters: 2, kernelSize: 3 }), flatten(), dense({ units: 5 })];
  const model = new Sequential({ inputShape: [4, 4, 1], layers }).toJSON();
  // 18 + 2 + 40 + 5 parameters; 16 values come in, 2 × 2 × 2 in between, 5 at the end.
  t.is(planBytes(model, 1, true), 4 * (65 + 16 + 8 + 5));
  t.is(planBytes(model, 10, true), 4 * (65 + 10 * 29));
  t.is(planBytes(model, 10), 4 * (65 + 10 * (16 + 2 * 8 + 2 * 5)));
});

test.serial("a batch that cannot fit is refused before memory grows", async (t) => {
  const model = seedCnn().toJSON();
  const before = process.memoryUsage().rss;
  await t.throwsAsync(createReplica({ kind: "planned", model }, 2 ** 31 - 1), { code: "PLAN_TOO_LARGE" });
  t.true(process.memoryUsage().rss - before < 2 ** 28);
});
