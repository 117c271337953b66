import { sgd, type BestWeights, type Checkpoint } from "@convoy/core";
import test from "ava";
import { BestSoFar, resumedBest } from "./best_so_far.ts";
import type { RunIdentity } from "./run_identity.ts";

/** Offers epochs one after the other, and tells which of them were better than all before. */
function better(...epochs: readonly (readonly [correct: number, loss: number])[]): number[] {
  const best = new BestSoFar(undefined);
  return epochs.flatMap(([correct, loss], i) => {
    const weights = Float32Array.of(i);
    return best.offer({ epoch: i + 1, step: 10 * (i + 1), correct, total: 10, loss }, () => weights) ? [i + 1] : [];
  });
}

test("more right answers are better, whatever the loss", (t) => {
  t.deepEqual(better([5, 1], [6, 2], [5, 0.5], [7, 3]), [1, 2, 4]);
});

test("of as many right answers the lower loss is better, and of the same loss the earlier epoch", (t) => {
  t.deepEqual(better([5, 1], [5, 1], [5, 0.9], [5, 0.95]), [1, 3]);
});

test("an epoch without a right answer is better than none, and one without a loss is not", (t) => {
  t.deepEqual(better([9, Number.NaN], [0, 2], [10, Infinity]), [2]);
});

test("has epoch, numbers and weights of the best, which are copied for it alone", (t) => {
  const best = new BestSoFar(undefined);
  t.is(best.result, undefined);
  const epoch = { epoch: 1, step: 10, correct: 4, total: 5, loss: 0.5 };
  best.offer(epoch, () => Float32Array.of(1, 2));
  best.offer({ ...epoch, epoch: 2, correct: 3 }, () => t.fail());
  const { loss: validationLoss, ...counted } = epoch;
  t.deepEqual(best.result, { ...counted, validationAccuracy: 0.8, validationLoss, weights: Float32Array.of(1, 2) });
});

const identity: RunIdentity = {
  parameters: [],
  model: undefined,
  optimizer: sgd({ learningRate: 0.1 }),
  seed: 1,
  settings: { batchSize: 8, validationSplit: 0.1, dataSha256: "a", images: 90, kernels: "narrow" },
};
const found: BestWeights = { epoch: 1, step: 1, correct: 1, total: 10, loss: 1, weights: new Float32Array(0) };
const checkpoint: Checkpoint = {
  ...identity,
  weights: found.weights,
  optimizerState: [],
  step: 1,
  epoch: 1,
  samplerPosition: 0,
  metrics: { loss: 0, correct: 0, recentLoss: 0 },
  best: found,
};

test("a run goes on with the best weights of its checkpoint", (t) => {
  t.is(resumedBest(checkpoint, identity), found);
  t.is(resumedBest({ ...checkpoint, best: undefined }, identity), undefined);
  t.is(resumedBest(undefined, undefined), undefined);
});

test("settings of training alone leave them comparable; other images or another network do not", (t) => {
  const { settings } = identity;
  const optimizer = sgd({ learningRate: 0.2, momentum: 0.9 });
  t.is(resumedBest(checkpoint, { ...identity, optimizer, settings: { ...settings, batchSize: 16 } }), found);
  for (const other of [
    { seed: 2 },
    { settings: { ...settings, validationSplit: 0.2 } },
    { settings: { ...settings, dataSha256: "b" } },
    { settings: { ...settings, validationSha256: "d" } },
    { settings: { ...settings, topologySha256: "c" } },
  ]) {
    t.is(resumedBest(checkpoint, { ...identity, ...other }), undefined, JSON.stringify(other));
  }
});
