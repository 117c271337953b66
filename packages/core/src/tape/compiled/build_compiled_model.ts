import type { LayersModel } from "@tensorflow/tfjs-layers";
import { CoreError } from "../../errors.ts";
import { modelWeights } from "../model_weights.ts";
import { build, zerosForInitializers } from "../topology.ts";
import { compile, restoreLayersOptimizer, unknownOptimizer } from "./compile_arguments.ts";
import { setModelWeights, type CompiledModelSpec } from "./compiled_model.ts";
import { writeOptimizerState } from "./optimizer_state.ts";

/** What a `modelModule` exports. Without a default export it has registered classes when it was imported. */
export interface ModelModule {
  readonly default?: unknown;
}

/**
 * The model of a spec, compiled, with its weights and the state of its optimizer.
 *
 * @param module builds and compiles the model, or has registered what the topology names
 * @throws `TAPE_CUSTOM_CLASS`, `TAPE_FUNCTION` for what cannot travel; `TAPE_MODULE` for a module that builds no compiled
 *   model, or another one than the caller's; `TAPE_MODEL`
 */
export async function buildCompiledModel(spec: CompiledModelSpec, module: ModelModule = {}): Promise<LayersModel> {
  const optimizer = await restoreLayersOptimizer(spec.optimizer);
  let model: LayersModel;
  if (module.default === undefined) {
    if (typeof spec.topology !== "string") throw new CoreError(spec.topology.code, spec.topology.message);
    if ("code" in spec.compiled) throw new CoreError(spec.compiled.code, spec.compiled.message);
    if (optimizer === undefined) throw unknownOptimizer(spec.optimizer);
    model = await fromTopology(spec.topology);
    await compile(model, spec.compiled, optimizer);
  } else {
    model = await fromModule(module.default);
    if (optimizer !== undefined) model.optimizer = optimizer;
  }
  build(model);
  checkWeights(model, spec);
  setModelWeights(model, spec.weights);
  for (const [i, weight] of modelWeights(model).entries()) weight.trainable = spec.trainable[i];
  const trained = new Set(model.trainableWeights);
  if (modelWeights(model).some((weight, i) => trained.has(weight) !== spec.trainable[i])) {
    throw new CoreError(
      "TAPE_MODULE",
      "other layers are trainable in the threads' model than in the one given to fit.",
    );
  }
  if (spec.state !== undefined) await writeOptimizerState(model.optimizer, spec.state);
  return model;
}

async function fromTopology(topology: string): Promise<LayersModel> {
  const { models } = await import("@tensorflow/tfjs-layers");
  try {
    return await models.modelFromJSON({ modelTopology: JSON.parse(topology, zerosForInitializers) as never });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const unknown = /^Unknown (\w+): (\w+)/.exec(why);
    if (unknown === null) throw new CoreError("TAPE_MODEL", `threads cannot build this model: ${why}`, { cause });
    throw new CoreError(
      "TAPE_CUSTOM_CLASS",
      `threads do not know the ${unknown[1]} ${unknown[2]}. Give modelModule: the URL of a module that registers it with ` +
        "tf.serialization.registerClass, or whose default export builds and compiles the model.",
      { cause },
    );
  }
}

async function fromModule(make: unknown): Promise<LayersModel> {
  const model: unknown = typeof make === "function" ? await (make as () => unknown)() : undefined;
  if (typeof model === "object" && model !== null && "optimizer" in model && model.optimizer instanceof Object) {
    return model as LayersModel;
  }
  throw new CoreError(
    "TAPE_MODULE",
    "the default export of modelModule must be a function that gives a compiled tfjs-layers model, or a promise of one.",
  );
}

function checkWeights(model: LayersModel, { sizes }: CompiledModelSpec): void {
  const own = modelWeights(model).map((weight) => weight.read().size);
  if (own.length === sizes.length && own.every((size, i) => size === sizes[i])) return;
  throw new CoreError(
    "TAPE_MODULE",
    `the model given to fit has weights of ${sizes.join(", ")} numbers, that of the threads of ${own.join(", ")}. Build the ` +
      "same model in modelModule.",
  );
}
