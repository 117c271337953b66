import { tensor, type Variable } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { CoreError } from "../../errors.ts";
import { modelWeights } from "../model_weights.ts";
import { compileArguments, optimizerSpec, type CompileArguments, type OptimizerSpec } from "./compile_arguments.ts";
import { readOptimizerState, writeOptimizerState, type OptimizerState } from "./optimizer_state.ts";

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
  /** All weights, one after the other, in the order of `modelWeights`. */
  readonly weights: Float32Array;
  /** Of each weight: how many numbers it has, and whether it is trained. */
  readonly sizes: readonly number[];
  readonly trainable: readonly boolean[];
}

/**
 * Takes a compiled model apart.
 *
 * @param share makes the array for the weights. Default: one of this thread alone
 * @throws `TAPE_NOT_COMPILED`; `TAPE_MODEL` for a model that nobody can train in parts
 */
export async function compiledModelSpec(
  model: LayersModel,
  share: (floats: number) => Float32Array = (floats) => new Float32Array(floats),
): Promise<CompiledModelSpec> {
  checkCompiled(model);
  const variables = modelWeights(model);
  const wrong = variables.find(({ dtype }) => dtype !== "float32");
  if (wrong !== undefined) {
    throw new CoreError("TAPE_MODEL", `weight ${wrong.name} is ${wrong.dtype}; only float32 weights can be trained.`);
  }
  const trained = new Set(model.trainableWeights);
  if (trained.size === 0) {
    throw new CoreError("TAPE_MODEL", "the model has no trainable weights. Set trainable to true on some layers.");
  }
  const sizes = variables.map((weight) => weight.read().size);
  const weights = share(sizes.reduce((sum, size) => sum + size, 0));
  let offset = 0;
  for (const [i, weight] of variables.entries()) {
    weights.set(weight.read().dataSync<"float32">(), offset);
    offset += sizes[i];
  }
  return {
    topology: await orRefusal("TAPE_CUSTOM_CLASS", () => JSON.stringify(model.toJSON(undefined, false))),
    compiled: await orRefusal("TAPE_FUNCTION", async () => compileArguments(model)),
    optimizer: optimizerSpec(model.optimizer),
    state: await readOptimizerState(model.optimizer),
    weights,
    sizes,
    trainable: variables.map((weight) => trained.has(weight)),
  };
}

/** Gives a model all of its weights, bit for bit: no constraint is applied again. */
export function setModelWeights(model: LayersModel, flat: Float32Array): void {
  let offset = 0;
  for (const weight of modelWeights(model)) {
    const variable = weight.read() as Variable;
    const values = tensor(flat.slice(offset, offset + variable.size), variable.shape);
    variable.assign(values);
    values.dispose();
    offset += variable.size;
  }
}

/** Lets the model's own optimizer go on where that of the threads stopped. */
export async function setModelOptimizerState(model: LayersModel, state: OptimizerState): Promise<void> {
  await writeOptimizerState(model.optimizer, state);
}

function checkCompiled(model: LayersModel): void {
  const { optimizer, inputs = [], outputs = [] } = model as Partial<LayersModel>;
  if (inputs.length === 0 || outputs.length === 0) {
    throw new CoreError(
      "TAPE_MODEL",
      "the model has no inputs or no outputs. A sequential model gets its input from the inputShape of its first layer.",
    );
  }
  if ((optimizer as unknown) === undefined || (optimizer as unknown) === null) {
    throw new CoreError(
      "TAPE_NOT_COMPILED",
      "the model is not compiled, so that it has no optimizer and no loss. Call model.compile({ optimizer, loss }) first.",
    );
  }
  const stateful = model.layers.find((layer) => layer.stateful);
  if (stateful !== undefined) {
    throw new CoreError(
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
    if (error instanceof CoreError) return { code: error.code, message: error.message.slice(error.code.length + 2) };
    return { code, message: `the model cannot be written as JSON (${String(error)}). Give modelModule.` };
  }
}
