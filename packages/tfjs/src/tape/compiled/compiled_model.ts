import type { Variable } from "@tensorflow/tfjs-core";
import type { LayersModel, Sequential } from "@tensorflow/tfjs-layers";
import { isCoded, TfjsError } from "../../errors.ts";
import type { AnyLayersModel } from "../any_layers_model.ts";
import { compileArguments, type CompileArguments } from "./compile_arguments.ts";
import { compiledInside } from "./compiled_inside.ts";
import { completeTopology } from "./forgotten_config.ts";
import { optimizerSpec, type OptimizerSpec } from "./optimizer_spec.ts";
import { readOptimizerState, type OptimizerState } from "./optimizer_state.ts";
import { uniqueWeights, weightPlaces } from "./unique_weights.ts";

/** What could not be made into plain data, and why. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A compiled tfjs-layers model as plain data: what threads need to train copies of it. */
export interface CompiledModelSpec {
  /** JSON; or why there is none, which matters only where no module builds the model. */
  readonly topology: string | Refusal;
  readonly compiled: CompileArguments | Refusal;
  readonly optimizer: OptimizerSpec;
  readonly state: OptimizerState | undefined;
  /** All weights, each once, one after the other. */
  readonly weights: Float32Array;
  /** Of each weight: how many numbers it has, and whether it is trained. */
  readonly sizes: readonly number[];
  readonly trainable: readonly boolean[];
  /** Which of them were trainable when the model was compiled, in tfjs's order; those that are shared may come twice. */
  readonly collected: readonly number[];
  /** Which of them each of `modelWeights` is. */
  readonly places: readonly number[];
}

/**
 * Takes a compiled model apart.
 *
 * @param share makes the array for the weights. Default: one of this thread alone
 * @throws `TAPE_NOT_COMPILED`; `TAPE_MODEL` for a model that nobody can train in parts
 */
export async function compiledModelSpec(
  given: AnyLayersModel,
  share: (floats: number) => Float32Array = (floats) => new Float32Array(floats),
): Promise<CompiledModelSpec> {
  const model = given as LayersModel;
  checkCompiled(model);
  const { loss, metrics, optimizer, collectedTrainableWeights = [] } = compiledInside(model);
  const variables = uniqueWeights(model);
  const wrong = variables.find(({ dtype }) => dtype !== "float32");
  if (wrong !== undefined) {
    throw new TfjsError("TAPE_MODEL", `weight ${wrong.name} is ${wrong.dtype}; only float32 weights can be trained.`);
  }
  const collected = collectedTrainableWeights.map((weight) => variables.indexOf(weight));
  if (collected.includes(-1)) {
    throw new TfjsError(
      "TAPE_MODEL",
      "the model was compiled with weights that none of its layers has. Compile it again, or train it with model.fit.",
    );
  }
  // As model.fit does: what was thawed since is not trained, and what was frozen since neither.
  const trainable = variables.map((weight, place) => collected.includes(place) && isTrainable(weight));
  if (!trainable.includes(true)) {
    throw new TfjsError(
      "TAPE_MODEL",
      "the model has no trainable weights: those that it was compiled with are frozen, or there are none. Set trainable to " +
        "true on some layers, and compile the model.",
    );
  }
  const sizes = variables.map((weight) => weight.read().size);
  const weights = share(sizes.reduce((sum, size) => sum + size, 0));
  let offset = 0;
  for (const [i, weight] of variables.entries()) {
    weights.set(weight.read().dataSync<"float32">(), offset);
    offset += sizes[i];
  }
  return {
    topology: await orRefusal("TAPE_CUSTOM_CLASS", () => completeTopology(model)),
    compiled: await orRefusal("TAPE_FUNCTION", async () => compileArguments({ loss, metrics })),
    optimizer: optimizerSpec(optimizer),
    state: await readOptimizerState(optimizer),
    weights,
    sizes,
    trainable,
    collected,
    places: weightPlaces(model),
  };
}

/** What tfjs itself looks at when it takes gradients; a layer's own flag need not agree. */
function isTrainable(weight: ReturnType<typeof uniqueWeights>[number]): boolean {
  return (weight.read() as Variable).trainable;
}

function checkCompiled(model: LayersModel): void {
  const { optimizer, inputs = [], outputs = [] } = model as Partial<LayersModel>;
  if (inputs.length === 0 || outputs.length === 0) {
    throw new TfjsError(
      "TAPE_MODEL",
      "the model has no inputs or no outputs. A sequential model gets its input from the inputShape of its first layer.",
    );
  }
  // A Sequential to which layers were added since it was compiled is not built.
  if ((optimizer as unknown) === undefined || (optimizer as unknown) === null || !(model as Sequential).built) {
    throw new TfjsError(
      "TAPE_NOT_COMPILED",
      "the model is not compiled, or not as it is now, so that it has no optimizer and no loss. Call " +
        "model.compile({ optimizer, loss }) first.",
    );
  }
  const stateful = model.layers.find((layer) => layer.stateful);
  if (stateful !== undefined) {
    throw new TfjsError(
      "TAPE_LAYER_UNSUPPORTED",
      `layer "${stateful.name}" is stateful: what it knows of a minibatch belongs to the one before, which is in other ` +
        "threads. Set stateful to false, or train with model.fit.",
    );
  }
}

async function orRefusal<Result>(code: string, make: () => Result | Promise<Result>): Promise<Result | Refusal> {
  try {
    return await make();
  } catch (error) {
    // Its message begins with its code.
    if (isCoded(error)) return { code: error.code, message: error.message.slice(error.code.length + 2) };
    return { code, message: `the model cannot be written as JSON (${String(error)}). Give modelModule.` };
  }
}
