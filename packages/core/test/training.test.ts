import test from "ava";
import { seedCnn } from "../src/model/networks/seed_cnn.ts";
import { Draw } from "./draw.ts";
import { mnistImages } from "./mnist_images.ts";
import { normalizedImages } from "./normalized_images.ts";
import { referenceGradient } from "../src/engine/verify/reference/network.ts";
import { train } from "./train.ts";

const seedProgram = { batchSize: 64, learningRate: 0.001, momentum: 0.9 };

test("the loss at the start is that of a guess, ln 10", async (t) => {
  const model = seedCnn();
  const [first] = await train(model, mnistImages("train", 64), { ...seedProgram, steps: 1 });
  t.true(Math.abs(first - Math.log(10)) < 0.1, String(first));
  const { loss } = await seedCnn({ seed: 2 }).evaluate(mnistImages("t10k", 1000));
  t.true(Math.abs(loss - Math.log(10)) < 0.1, String(loss));
});

test("one batch is learned by heart", async (t) => {
  const model = seedCnn();
  const batch = mnistImages("train", 32);
  const losses = await train(model, batch, { steps: 150, batchSize: 32, learningRate: 0.02, momentum: 0.9 });
  t.true(losses[0] > 2);
  const { loss, accuracy } = await model.evaluate(batch);
  t.true(loss < 0.001, String(loss));
  t.is(accuracy, 1);
});

// A larger rate than the seed program's, so that ten steps tell the momentum and the sign of every part.
const curve = { ...seedProgram, learningRate: 0.02, steps: 10 };
const golden = [
  2.3089442, 2.2847378, 2.3005528, 2.2737112, 2.2923548, 2.2800155, 2.2674637, 2.2586336, 2.2722027, 2.2584226,
];

/** The third tells of the momentum; a step in float64 takes half a second. */
const referenceSteps = 4;

test("the first ten losses of the seed network are the ones pinned here, and the first four those of float64", async (t) => {
  const data = mnistImages("train", 640);
  const model = seedCnn();
  const { parameterCount } = model;
  const weights = Float64Array.from(model.getWeights());
  const velocity = new Float64Array(parameterCount);
  const expected = Array.from({ length: referenceSteps }, (_, step) => {
    const sampleIndices = Array.from({ length: 64 }, (__, i) => step * 64 + i);
    const labels = sampleIndices.map((sample) => data.labels[sample]);
    const images = normalizedImages(data, sampleIndices);
    const batch = { images, labels, sampleIndices, minibatchSize: 64, seed: 1, step };
    const { gradient, loss } = referenceGradient(model.toJSON(), weights, batch);
    for (let i = 0; i < parameterCount; i++) {
      velocity[i] = curve.momentum * velocity[i] + gradient[i];
      weights[i] -= curve.learningRate * velocity[i];
    }
    return loss;
  });
  for (const kernels of ["narrow", "wide"] as const) {
    const losses = await train(seedCnn(), data, { ...curve, kernels });
    for (const [step, loss] of losses.entries()) {
      t.true(Math.abs(loss / golden[step] - 1) < 1e-5, `${kernels}, step ${step}: ${loss}, not ${golden[step]}`);
    }
    for (const [step, loss] of expected.entries()) {
      t.true(Math.abs(losses[step] / loss - 1) < 1e-4, `${kernels}, step ${step}: ${losses[step]}, not ${loss}`);
    }
  }
});

test("digits are learned, and shuffled labels are not", async (t) => {
  const digits = mnistImages("train", 4096);
  const unseen = mnistImages("t10k", 1000);
  const settings = { steps: 160, batchSize: 64, learningRate: 0.02, momentum: 0.9 };
  const model = seedCnn();
  await train(model, digits, settings);
  const learned = await model.evaluate(unseen);
  t.true(learned.accuracy > 0.9, String(learned.accuracy));

  const order = new Draw(1).order(digits.labels.length);
  const shuffled = { ...digits, labels: order.map((place) => digits.labels[place]) };
  const confused = seedCnn();
  await train(confused, shuffled, settings);
  const guessed = await confused.evaluate(unseen);
  t.true(guessed.accuracy < 0.2, String(guessed.accuracy));
});
