import { seedCnn } from "@convoy/core";
import { loadDataset } from "@convoy/datasets";
import test from "ava";
import { apart } from "./apart.ts";

test("threads apart compute gradients, and tell how many images that were", async (t) => {
  const { train } = await loadDataset("mnist");
  const some = { ...train, images: train.images.subarray(0, 128 * 784), labels: train.labels.subarray(0, 128) };
  const rate = await apart(seedCnn(), some, { threads: 2, images: 32, kernels: "narrow", milliseconds: 20 });
  t.true(rate > 0 && Number.isFinite(rate), String(rate));
});

test("a thread that cannot compute says why", async (t) => {
  const { train } = await loadDataset("mnist");
  const some = { ...train, images: train.images.subarray(0, 784), labels: train.labels.subarray(0, 1) };
  const options = { threads: 1, images: 0, kernels: "narrow", milliseconds: 20 } as const;
  // An error that comes from a thread is none of this realm's.
  await t.throwsAsync(apart(seedCnn(), some, options), { any: true, code: "REPLICA_CAPACITY" });
});
