import type { Optimizer } from "@tensorflow/tfjs-core";
import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import { isCoded, TfjsError } from "../../errors.ts";
import { modelWeights } from "../model_weights.ts";
import { build, zerosForInitializers } from "../topology.ts";
import { compile, type CompileArguments } from "./compile_arguments.ts";
import type { CompiledModelSpec } from "./compiled_model.ts";
import { importLayers } from "../import_layers.ts";
import { layersWithin } from "./layers_within.ts";
import type { ModelModule } from "./model_module.ts";
import { restoreLayersOptimizer, unknownOptimizer } from "./optimizer_spec.ts";
import { tieWeights, writeWeights } from "./unique_weights.ts";

interface BuiltModel {
  readonly model: LayersModel;
  /** Each once, in the order of the spec's. */
  readonly weights: readonly LayerVariable[];
}

/**
 * The model of a spec, compiled, with its weights.
 *
 * @param module builds and compiles the model, or has registered what the topology names
 * @throws `TAPE_CUSTOM_CLASS`, `TAPE_FUNCTION` for what cannot travel; `TAPE_MODULE` for a module that builds no compiled
 *   model, or another one than the caller's; `TAPE_MODEL`
 */
export async function buildCompiledModel(spec: CompiledModelSpec, module: ModelModule = {}): Promise<BuiltModel> {
  const optimizer = await restoreLayersOptimizer(spec.optimizer);
  let model: LayersModel;
  if (module.default === undefined) {
    if (typeof spec.topology !== "string") throw new TfjsError(spec.topology.code, spec.topology.message);
    if ("code" in spec.compiled) throw new TfjsError(spec.compiled.code, spec.compiled.message);
    if (optimizer === undefined) throw unknownOptimizer(spec.optimizer);
    model = await fromTopology(spec.topology, spec.compiled, optimizer);
  } else {
    model = await fromModule(module.default);
    if (optimizer !== undefined) model.optimizer = optimizer;
  }
  build(model);
  checkWeights(model, spec);
  const weights = tieWeights(model, spec.places);
  writeWeights(weights, spec.weights);
  for (const [i, weight] of weights.entries()) weight.trainable = spec.trainable[i];
  return { model, weights };
}

async function fromTopology(topology: string, args: CompileArguments, optimizer: Optimizer): Promise<LayersModel> {
  const { models } = await importLayers();
  try {
    const model = await models.modelFromJSON({ modelTopology: JSON.parse(topology, zerosForInitializers) as never });
    renameCopies(model);
    await compile(model, args, optimizer);
    return model;
  } catch (cause) {
    if (isCoded(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const unknown = /^Unknown (\w+): (\w+)/.exec(why);
    if (unknown === null) {
      const cure = "Give modelModule: the URL of a module whose default export builds and compiles the model.";
      throw new TfjsError("TAPE_MODEL", `threads cannot build this model from its JSON: ${why} ${cure}`, { cause });
    }
    throw new TfjsError(
      "TAPE_CUSTOM_CLASS",
      `threads do not know the ${unknown[1]} ${unknown[2]}. Give modelModule: the URL of a module that registers it with ` +
        "tf.serialization.registerClass, or whose default export builds and compiles the model.",
      { cause },
    );
  }
}

/**
 * A Sequential takes the layers of a model at its beginning for its own. One that both share comes twice from JSON, by one
 * name, which it would refuse.
 */
function renameCopies(model: LayersModel): void {
  if (model.getClassName() !== "Sequential") return;
  const [first, ...rest] = model.layers;
  const names = new Set(layersWithin(first as LayersModel).map(({ name }) => name));
  for (const layer of rest) while (names.has(layer.name)) layer.name += "_copy";
}

async function fromModule(make: unknown): Promise<LayersModel> {
  const model: unknown = typeof make === "function" ? await (make as () => unknown)() : undefined;
  if (typeof model === "object" && model !== null && "optimizer" in model && model.optimizer instanceof Object) {
    return model as LayersModel;
  }
  throw new TfjsError(
    "TAPE_MODULE",
    "the default export of modelModule must be a function that gives a compiled tfjs-layers model, or a promise of one.",
  );
}

function checkWeights(model: LayersModel, { sizes, places }: CompiledModelSpec): void {
  const own = modelWeights(model).map((weight) => weight.read().size);
  const given = places.map((place) => sizes[place]);
  if (own.length === given.length && own.every((size, i) => size === given[i])) return;
  throw new TfjsError(
    "TAPE_MODULE",
    `the model given to fit has weights of ${given.join(", ")} numbers, that of the threads of ${own.join(", ")}. Build the ` +
      "same model in modelModule.",
  );
}
