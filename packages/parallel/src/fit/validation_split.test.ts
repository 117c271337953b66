import { adam, mix, selection, weightsSha256, type Checkpoint, type ImageData } from "@convoy/core/training";
import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { EpochResult, FitResult } from "./result.ts";

/** 128 to train on and 32 to validate on. */
const data = { ...bands(160), labels: Array.from(bands(160).labels) };
const optimizer = adam({ learningRate: 0.01 });
const options = { validationSplit: 0.2, seed: 3, epochs: 3, optimizer } as const;

function only(indices: Int32Array): ImageData {
  const images = new Uint8Array(indices.length * 64);
  for (const [at, i] of indices.entries()) images.set(data.images.subarray(i * 64, (i + 1) * 64), at * 64);
  return { ...data, images, labels: Array.from(indices, (i) => data.labels[i]) };
}

function withoutTime(result: EpochResult): EpochResult {
  return { ...result, imagesPerSecond: 0, seconds: 0, usage: [] };
}

function numbers({ weightsSha256: hash, history, best }: FitResult): unknown {
  return { hash, best, history: history.map(withoutTime) };
}

test.serial("is trained on the others alone, and validated as they would be by themselves", async (t) => {
  const { history, best, weightsSha256: hash } = await fit(smallNetwork(0.2), data, { ...options, workers: 2 });
  const { chosen, others } = selection(3, 160, 32);
  const { validationSplit: _, ...without } = options;
  const expected = await fit(smallNetwork(0.2), only(others), { ...without, validation: only(chosen), workers: 2 });
  t.is(hash, expected.weightsSha256);
  for (const [i, { validation, evaluation }] of history.entries()) {
    t.is(evaluation, undefined);
    t.deepEqual(validation, expected.history[i].validation);
  }
  t.deepEqual(best, expected.best);
});

test.serial("1, 2 and 3 workers give the same bits, and the same best weights", async (t) => {
  const split = { ...options, batchSize: 50, shards: 8, validationSplit: 0.3, test: bands(40) };
  const expected = await fit(smallNetwork(0.2), data, { ...split, workers: 1 });
  t.is(expected.history[2].validation?.total, 48);
  t.is(expected.history[2].evaluation?.total, 40);
  for (const workers of [2, 3]) {
    // oxlint-disable-next-line no-await-in-loop
    t.deepEqual(numbers(await fit(smallNetwork(0.2), data, { ...split, workers })), numbers(expected));
  }
});

test.serial("events come in order, and the best has the weights of its epoch", async (t) => {
  // There is nothing to learn: what is right on the others is so by chance, and comes and goes.
  const noise = { ...data, labels: data.labels.map((_, i) => mix(i + 500) % 4) };
  const events: FitEvent[] = [];
  const onEvent = (event: FitEvent): void => void (event.event === "progress" || events.push(event));
  const images = bands(20);
  const { best } = await fit(smallNetwork(), noise, { ...options, epochs: 6, test: images, workers: 1, onEvent });
  t.like(events[0], { event: "start", images: 128, validationImages: 32, testImages: 20 });
  const validations = events.filter((event) => event.event === "validation");
  t.deepEqual(
    events.slice(1).map(({ event }) => event),
    validations.flatMap((event) => ["epoch", "validation", ...(event.best ? ["best"] : []), "evaluation"]),
  );
  const accuracies = validations.map(({ validationAccuracy }) => validationAccuracy);
  const { epoch, step, validationAccuracy, weights } = best!;
  t.is(validationAccuracy, Math.max(...accuracies));
  t.true(epoch > 1 && epoch < 6, accuracies.join(", "));
  t.is(step, 2 * epoch);
  t.deepEqual(
    events.findLast((event) => event.event === "best"),
    { event: "best", ...best! },
  );
  const short = await fit(smallNetwork(), noise, { ...options, epochs: epoch, workers: 1 });
  t.is(weightsSha256(weights), short.weightsSha256);
});

test.serial("what is found on test images is called test, and on validation images validation", async (t) => {
  const events: FitEvent[] = [];
  const images = { validation: bands(20), test: bands(12) };
  const { history, best } = await fit(smallNetwork(), data, { ...images, workers: 1, onEvent: (e) => events.push(e) });
  t.like(events[0], { event: "start", images: 160, validationImages: 20, testImages: 12 });
  const fields = (name: string): string[] => Object.keys(events.find(({ event }) => event === name)!);
  const counts = ["correct", "total"];
  t.deepEqual(fields("validation"), ["event", "epoch", "validationAccuracy", "validationLoss", ...counts, "best"]);
  t.deepEqual(fields("evaluation"), ["event", "epoch", "testAccuracy", "testLoss", ...counts]);
  t.deepEqual(Object.keys(history[0].validation!), ["validationAccuracy", "validationLoss", ...counts]);
  t.deepEqual(Object.keys(history[0].evaluation!), ["testAccuracy", "testLoss", ...counts]);
  t.like(best, { epoch: 1, ...history[0].validation });
});

test.serial(
  "a run goes on with other validation images, but forgets which weights were the best on the others",
  async (t) => {
    let resumeFrom: Checkpoint | undefined;
    const save = (checkpoint: Checkpoint): void => void (resumeFrom = checkpoint);
    const common = { optimizer, workers: 1 };
    await fit(smallNetwork(), data, { ...common, epochs: 2, validation: bands(20), checkpoint: { save } });
    t.is(resumeFrom?.best?.epoch, 1);
    const resumed = async (validation: ImageData): Promise<unknown[]> => {
      const told: unknown[] = [];
      const onEvent = ({ event }: FitEvent): void => void told.push(event);
      await fit(smallNetwork(), data, { ...common, epochs: 3, validation, resumeFrom, onEvent });
      return told.slice(0, 2);
    };
    t.deepEqual(await resumed(bands(20)), ["start", "best"]);
    t.not((await resumed(bands(24)))[1], "best");
  },
);
