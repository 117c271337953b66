import { createHash } from "node:crypto";
import { stepIdentity, type Checkpoint, type ImageStore, type Meaning, type Settings } from "@convoy/core/training";
import type { Run } from "../worker/task.ts";
import type { SharedImages } from "./shared_images.ts";
import { topologySha256 } from "./topology_sha256.ts";
import type { TrainableModel } from "./trainable_model.ts";

/** What is the same in all checkpoints of a run: what it trains, on what, and everything else that decides bits. */
export type RunIdentity = Pick<Checkpoint, "parameters" | "model" | "optimizer" | "seed" | "settings">;

/**
 * @param meaning what the numbers of the model mean once it is trained
 * @param images those that came to be trained on decide bits, and those of `validation` which weights are the best
 * @param validationSplit share of them that is kept away from training
 */
export async function runIdentity(
  { parameters, config }: TrainableModel,
  meaning: Meaning,
  run: Run,
  { all, validation }: SharedImages,
  validationSplit: number | undefined,
): Promise<RunIdentity> {
  const { spec, plan, batchSize, optimizer, seed, store } = run;
  const settings: Record<string, Settings[string]> = {
    replica: spec.kind,
    kernelsSha256: await kernelsOf(spec),
    batchSize,
    shards: plan.shards,
    images: store.count,
    dataSha256: dataSha256(all),
  };
  if (validationSplit !== undefined) settings.validationSplit = validationSplit;
  else if (validation !== undefined) settings.validationSha256 = dataSha256(validation);
  if (spec.kind === "planned") settings.kernels = spec.kernels ?? "narrow";
  if (spec.kind === "layers") settings.topologySha256 = topologySha256(spec.topology);
  const said = Object.entries(meaning).filter(([, value]) => value !== undefined);
  const model = config === undefined ? undefined : { ...config, ...Object.fromEntries(said) };
  return { parameters, model, optimizer, seed, settings };
}

/** What decides the bits of a step, whatever the data. */
async function kernelsOf(spec: Run["spec"]): Promise<string> {
  if (spec.kind === "planned") return stepIdentity(spec.model, spec.kernels ?? "narrow");
  // Only who trains through tfjs has its packages.
  const { tapeIdentity } = await import("@convoy/tfjs/tape");
  return tapeIdentity();
}

/** About 50 ms for MNIST, while the threads compile. */
function dataSha256({ shape, pixelType, normalization, words, labels }: ImageStore): string {
  const { mean, deviation } = normalization;
  const hash = createHash("sha256").update(JSON.stringify({ shape, pixelType, mean, deviation }));
  return hash.update(words).update(labels).digest("hex");
}
