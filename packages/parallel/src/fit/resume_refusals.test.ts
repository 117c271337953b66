import { adam, dense, flatten, Sequential, sgd, type Checkpoint } from "@convoy/core";
import test from "ava";
import { checkpointAt } from "../../test/checkpoint_at.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { fit } from "./fit.ts";
import type { FitOptions } from "./options.ts";

const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });
const options = { batchSize: 50, epochs: 2, optimizer: momentum, workers: 1 } as const;
const data = bands(137);

let middle: Checkpoint;
let border: Checkpoint;
test.before(async () => {
  middle = await checkpointAt(2, smallNetwork(0.3), data, options);
  border = await checkpointAt(3, smallNetwork(0.3), data, options);
});

function resumed(changed: FitOptions, model = smallNetwork(0.3), images = data): Promise<unknown> {
  return fit(model, images, { ...options, resumeFrom: middle, ...changed });
}

const narrowest = new Sequential({ inputShape: [8, 8, 1], layers: [flatten(), dense({ units: 4 })] });

const refusals: readonly (readonly [what: string, run: () => Promise<unknown>, names: readonly string[]])[] = [
  ["another seed", () => resumed({ seed: 9 }), ["seed was 1 and is 9"]],
  ["another number of shards", () => resumed({ shards: 2 }), ["shards was 4 and is 2"]],
  ["another batch size", () => resumed({ batchSize: 20 }), ["batchSize was 50 and is 20", "shards was 4 and is 2"]],
  [
    "another learning rate and momentum",
    () => resumed({ optimizer: sgd({ learningRate: 0.1, momentum: 0.5 }) }),
    ["optimizer.learningRate was 0.01 and is 0.1", "optimizer.momentum was 0.9 and is 0.5"],
  ],
  [
    "another optimizer",
    () => resumed({ optimizer: adam({ learningRate: 0.01 }) }),
    ["optimizer.kind was sgd and is adam", "optimizer.beta1 was not there and is 0.9"],
  ],
  ["other kernels", () => resumed({ kernels: "wide" }), ["kernels was narrow and is wide"]],
  ["another replica", () => resumed({ replica: "tape" }), ["replica was planned and is tape"]],
  ["another dropout", () => resumed({}, smallNetwork(0.4)), ["layers.3.rate was 0.3 and is 0.4"]],
  ["another network", () => resumed({}, narrowest), ["layers.0.kind was conv2d and is flatten", "more"]],
  ["more images", () => resumed({}, undefined, bands(140)), ["images was 137 and is 140", "dataSha256 was "]],
  [
    "one other pixel",
    () => resumed({}, undefined, { ...data, images: Uint8Array.from(data.images, (v, i) => (i === 99 ? v ^ 1 : v)) }),
    ["dataSha256 was "],
  ],
  [
    "one other label",
    () => resumed({}, undefined, { ...data, labels: Array.from(data.labels, (v, i) => (i === 9 ? (v + 1) % 4 : v)) }),
    ["dataSha256 was "],
  ],
  [
    "another normalisation",
    () => resumed({}, undefined, { ...data, normalization: { mean: 0.5, deviation: 0.25 } }),
    ["dataSha256 was "],
  ],
  [
    "a setting whose name and text a terminal would obey",
    () => resumed({ resumeFrom: { ...middle, settings: { ...middle.settings, "\u001b[2J": "\u202e" } } }),
    ["\\u001b[2J was \\u202e and is not there"],
  ],
];

for (const [what, run, names] of refusals) {
  test.serial(`${what} is refused, by name`, async (t) => {
    const error = await t.throwsAsync(run(), { code: "RESUME_SETTINGS" });
    for (const name of names) t.true(error.message.includes(name), error.message);
    // What did not change is not named.
    t.false(error.message.includes("kernelsSha256"));
    t.is(
      error.message.includes("dataSha256"),
      names.some((name) => name.startsWith("dataSha256")),
    );
    t.is(error.message.includes("seed"), what.includes("seed"));
  });
}

test.serial("other kernels in the same variant are refused too", async (t) => {
  const resumeFrom = { ...middle, settings: { ...middle.settings, kernelsSha256: "0".repeat(64) } };
  await t.throwsAsync(resumed({ resumeFrom }), {
    code: "RESUME_SETTINGS",
    message: /: kernelsSha256 was 0{24}… and is /,
  });
});

test.serial("with an override it goes on with the new settings, where it stands", async (t) => {
  const plain = await fit(smallNetwork(0.3), data, { ...options, resumeFrom: border });
  for (const changed of [{ seed: 9 }, { batchSize: 20 }, { optimizer: adam({ learningRate: 0.01 }) }]) {
    // oxlint-disable-next-line no-await-in-loop
    const result = await fit(smallNetwork(0.3), data, { ...options, resumeFrom: border, override: true, ...changed });
    t.is(result.epochs, 2);
    t.is(result.steps, "batchSize" in changed ? 3 + 7 : 6);
    t.not(result.weightsSha256, plain.weightsSha256);
  }
});

test.serial("an override of what is the same changes no bit", async (t) => {
  const plain = await fit(smallNetwork(0.3), data, options);
  const result = await fit(smallNetwork(0.3), data, { ...options, resumeFrom: middle, override: true });
  t.is(result.weightsSha256, plain.weightsSha256);
});

test.serial("no override makes another network of it", async (t) => {
  await t.throwsAsync(resumed({ override: true }, narrowest), {
    code: "RESUME_MODEL",
    message: /parameter 1 of the model is \S+ \[64, 4\]; in the checkpoint it is \S+ \[3, 3, 1, 4\]/,
  });
});

test.serial("no override makes a step end within a minibatch", async (t) => {
  await t.throwsAsync(resumed({ override: true, batchSize: 64 }), {
    code: "RESUME_POSITION",
    message: /after step 2 and 100 images of its epoch.*minibatches of 64/,
  });
  await t.throwsAsync(resumed({ override: true }, undefined, bands(60)), { code: "RESUME_POSITION" });
});

test.serial("a checkpoint whose parts do not fit together is refused with core's codes", async (t) => {
  const broken = (change: Partial<Checkpoint>): FitOptions => ({ resumeFrom: { ...middle, ...change } });
  await t.throwsAsync(resumed(broken({ optimizerState: [] })), { code: "CHECKPOINT_STATE" });
  await t.throwsAsync(resumed(broken({ weights: middle.weights.subarray(1) })), { code: "CHECKPOINT_STATE" });
  await t.throwsAsync(resumed(broken({ step: -1 })), { code: "CHECKPOINT_PROGRESS" });
  await t.throwsAsync(resumed(broken({ step: 2 ** 53 })), { code: "CHECKPOINT_PROGRESS" });
});
