import type { Tensor } from "@tensorflow/tfjs-core";
import { TfjsError } from "../../errors.ts";
import { importLayers } from "../import_layers.ts";

/** As tfjs calls losses and metrics. */
export type LayersFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** A function of tfjs, by where it is found: `tf.losses.huberLoss` is { in: "losses", name: "huberLoss" }. */
export interface NamedFunction {
  readonly in: "losses" | "metrics";
  readonly name: string;
}

/**
 * A loss or metric as it travels to threads.
 *
 * @throws `TAPE_FUNCTION` for one that is not among `tf.losses` and `tf.metrics`
 */
export async function nameFunction(what: "loss" | "metric", value: unknown): Promise<NamedFunction> {
  for (const [place, functions] of Object.entries(await namespaces())) {
    for (const [name, each] of Object.entries(functions)) {
      if (each === value) return { in: place as NamedFunction["in"], name };
    }
  }
  const { name } = value as { name?: unknown };
  throw new TfjsError(
    "TAPE_FUNCTION",
    `the ${what} ${String(name) || "without a name"} is a function of your own, which cannot travel to threads. Name one of ` +
      "tfjs, or give modelModule: the URL of a module whose default export builds and compiles the model.",
  );
}

/** @throws `TAPE_FUNCTION` when this tfjs has no such function */
export async function findFunction({ in: place, name }: NamedFunction): Promise<LayersFunction> {
  const found = (await namespaces())[place][name] as LayersFunction | undefined;
  if (typeof found === "function") return found;
  throw new TfjsError("TAPE_FUNCTION", `this tfjs has no tf.${place}.${name}. Use one version of tfjs throughout.`);
}

async function namespaces(): Promise<Record<NamedFunction["in"], Record<string, unknown>>> {
  const [{ losses }, { metrics }] = await Promise.all([import("@tensorflow/tfjs-core"), importLayers()]);
  return { losses, metrics: { ...metrics } };
}
