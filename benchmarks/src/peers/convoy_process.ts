import { readFile } from "node:fs/promises";
import { type ImageData, Sequential, sgd } from "@convoy/core";
import { fit, type FitOptions } from "@convoy/parallel";
import type { Job } from "./job.ts";
import { serve } from "./serve.ts";

/** V8 compiles the kernels twice; until then a run is slower. */
const warmUpSeconds = 0.5;

await serve("Convoy", "0.1.0", async (job) => {
  const { images, labels } = job.files;
  const data = {
    images: new Uint8Array(await readFile(images)),
    labels: new Uint8Array(await readFile(labels)),
    shape: job.inputShape,
    normalization: job.normalization,
  };
  return {
    loss: job.checkEpochs > 0 ? await check(job, data) : null,
    imagesPerSecond: job.seconds > 0 ? await measure(job, data) : [],
  };
});

async function check(job: Job, data: ImageData): Promise<number> {
  const { history } = await fit(await modelOf(job), data, optionsOf(job, job.checkEpochs));
  return history.at(-1)!.loss;
}

/** The epochs that begin after the warm-up, until the time is over. */
async function measure(job: Job, data: ImageData): Promise<number[]> {
  const rates: number[] = [];
  const stop = new AbortController();
  let warm = 0;
  let measured = 0;
  await fit(await modelOf(job), data, {
    ...optionsOf(job, 1_000_000),
    signal: stop.signal,
    onEvent(event) {
      if (event.event !== "epoch") return;
      if (warm < warmUpSeconds) {
        warm += event.seconds;
        return;
      }
      rates.push(event.imagesPerSecond);
      measured += event.seconds;
      if (measured >= job.seconds) stop.abort();
    },
  });
  return rates;
}

async function modelOf({ inputShape, layers, files }: Job): Promise<Sequential> {
  const model = new Sequential({ inputShape, layers });
  model.setWeights(new Float32Array(new Uint8Array(await readFile(files.weights)).buffer));
  return model;
}

function optionsOf({ batchSize, learningRate, momentum, setup }: Job, epochs: number): FitOptions {
  const { kernels, workers, replica } = setup;
  const common = { epochs, batchSize, workers: Number(workers), optimizer: sgd({ learningRate, momentum }) };
  if (replica === "tape") return { ...common, replica };
  return { ...common, kernels: kernels === "wide" ? "wide" : "narrow" };
}
