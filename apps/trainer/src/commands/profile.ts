import { printableLine, productRate, sgd, type ImageData } from "@convoy/core/training";
import { defaultShards, fit, split } from "@convoy/parallel";
import { usableCores } from "@convoy/parallel/machine";
import { asInput, UsageError } from "../errors.ts";
import { CheckDisplay } from "../kernels/check_display.ts";
import { chooseKernels } from "../kernels/choose_kernels.ts";
import { loadChosenDataset } from "../options/data_options.ts";
import { profileOptions } from "../options/profile_options.ts";
import { profileLayers, type ProfiledTraining } from "../profile/layers_run.ts";
import { profileLines } from "../profile/profile_lines.ts";
import { profileOf, workerProfiles } from "../profile/profile.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { grouped } from "@convoy/parallel/progress";
import { defineCommand, type Command } from "./command.ts";

/** The first steps, in which V8 still compiles and the caches are cold. */
const mostUncounted = 100;

export const profile: Command = defineCommand({
  name: "profile",
  description:
    "Trains a network twice for some steps, with SGD on the real images: in one thread with a clock around each phase of " +
    "each layer, then on the workers with a clock around compute, reduce and wait. Prints means over the middle half of the steps; saves " +
    "nothing. Other programs that run at the same time make every figure worse.",
  options: profileOptions,
  examples: ["profile", "profile --model lenet5 --workers 1 --kernels narrow", "profile --batch-size 256 --json"],
  run: async ({ values, given }, environment) => {
    const { model: network, "batch-size": batchSize, steps, "data-dir": directory } = values;
    const chosen = given.has("dataset") || directory === undefined ? values.dataset : undefined;
    const dataset = await loadChosenDataset({ name: chosen, directory }, environment);
    const { name } = dataset;
    const data = firstImages(dataset.train, batchSize, steps);
    const { shape } = dataset.train;
    const model = await asInput(() => network.build({ inputShape: shape, classes: dataset.classes }));
    const tell = (line: string): void => environment.stderr.write(`${printableLine(line)}\n`);
    const { signal } = environment;
    const kernels = await chooseKernels(values.kernels, model.toJSON(), {
      signal,
      tell,
      display: new CheckDisplay(environment.stderr),
    });
    const shards = defaultShards(batchSize);
    const uncounted = Math.min(mostUncounted, Math.floor(steps / 3));
    const optimizer = sgd({ learningRate: 0.001, momentum: 0.9 });
    const common = { kernels, optimizer, batchSize, seed: 1 };
    const training: ProfiledTraining = {
      ...common,
      model,
      data,
      shardSizes: split(batchSize, shards),
      steps,
      uncounted,
    };

    const before = productRate(kernels);
    const { laps, weightsSha256 } = await profileLayers(training, signal);
    const productGigaflops = Math.max(before, productRate(kernels));
    const workers = values.workers ?? usableCores();
    const { history } = await fit(model, data, { ...common, shards, workers, signal, timings: true });
    signal.throwIfAborted();
    const [{ timings = [], usage = [] }] = history;
    const profiles = workerProfiles(timings, usage, uncounted);
    const measured = profileOf(model.toJSON(), kernels, { batchSize, laps, productGigaflops, workers: profiles });

    const countedSteps = steps - uncounted;
    const settings = { dataset: name, model: network.name, kernels, batchSize, shards, steps, countedSteps };
    if (values.json) {
      writeJson(environment.stdout, { event: "profile", ...settings, ...measured, weightsSha256 });
    } else {
      const lines = profileLines(measured, settings, Math.max(environment.stdout.columns, 40));
      environment.stdout.write(`${lines.join("\n")}\n`);
    }
    return 0;
  },
});

/** What the steps take, without copying it. */
function firstImages(train: ImageData, batchSize: number, steps: number): ImageData {
  const count = batchSize * steps;
  const { length } = train.labels;
  if (count > length) {
    throw new UsageError(
      "OPTION_COMBINATION",
      `--steps ${steps} of --batch-size ${batchSize} take ${grouped(count)} images, and there are ${grouped(length)}.`,
    );
  }
  const pixels = train.shape.reduce((product, size) => product * size, count);
  return {
    ...train,
    images: train.images.subarray(0, pixels),
    labels: Array.from({ length: count }, (_, i) => train.labels[i]),
  };
}
