import type { Checkpoint, KernelVariant, Meaning, Sequential, SequentialConfig } from "@convoy/core/training";
import type { ReplicaSpec } from "@convoy/tfjs/replica";
import type { AnyLayersModel } from "@convoy/tfjs/tape";
import { ParallelError } from "../errors.ts";

/** What `fit` needs of a model, whichever kind it is. */
export interface TrainableModel {
  readonly spec: ReplicaSpec;
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Where each parameter lies in the flat vector. */
  readonly parameters: Checkpoint["parameters"];
  /** Of a Sequential. */
  readonly config: SequentialConfig | undefined;
  /** The flat parameter vector. */
  readonly weights: Float32Array;
  setWeights(flat: Float32Array): void;
  /** What a Sequential's numbers mean so far; a tfjs-layers model has no place for it. */
  readonly meaning: Meaning | undefined;
  setMeaning(meaning: Meaning): void;
}

/**
 * @param replica which engine; a tfjs-layers model has only the tape
 * @param kernels of a planned replica. Default: narrow
 *
 * @throws `FIT_MODEL` when it is neither a Sequential nor a tfjs-layers model
 */
export async function trainableModel(
  model: Sequential | AnyLayersModel,
  replica: "planned" | "tape" | undefined,
  kernels?: KernelVariant,
): Promise<TrainableModel> {
  if (kernels !== undefined && (replica === "tape" || !isSequential(model))) {
    throw new ParallelError("FIT_OPTION", `kernels belong to replica "planned"; the tape has none to choose from.`);
  }
  if (isSequential(model)) {
    const config = model.toJSON();
    return {
      spec:
        replica === "tape"
          ? { kind: "tape", model: config }
          : { kind: "planned", model: config, kernels: kernels ?? "narrow" },
      inputShape: model.inputShape,
      classes: model.classes,
      parameters: model.parameters.map(({ name, shape }) => ({ name, shape })),
      config,
      weights: model.getWeights(),
      setWeights: (flat) => model.setWeights(flat),
      meaning: { normalization: model.normalization, classNames: model.classNames, pictureFit: model.pictureFit },
      setMeaning: (meaning) => Object.assign(model, meaning),
    };
  }
  if (!isLayersModel(model)) {
    throw new ParallelError("FIT_MODEL", "fit trains a Sequential or a tfjs-layers model; got something else.");
  }
  if (replica === "planned") {
    throw new ParallelError("FIT_OPTION", `replica "planned" needs a Sequential; a tfjs-layers model takes "tape".`);
  }
  const { layersModelSpec, setLayersModelWeights } = await import("@convoy/tfjs/tape");
  const spec = layersModelSpec(model);
  // tfjs numbers the names of layers through the life of a process: only the order is the same in another one.
  const parameters = spec.shapes.map((shape, i) => ({ name: `trainableWeights.${i}`, shape }));
  const setWeights = (flat: Float32Array): void => setLayersModelWeights(model, flat);
  return { ...spec, parameters, config: undefined, setWeights, meaning: undefined, setMeaning: () => {} };
}

// Told apart by what they have: a program may hold two copies of either package.
function isSequential(model: unknown): model is Sequential {
  return has(model, "getWeights", "setWeights", "toJSON", "weightsSha256", "parameterCount");
}

function isLayersModel(model: unknown): model is AnyLayersModel {
  return has(model, "trainableWeights", "inputs", "outputs", "toJSON");
}

function has(model: unknown, ...names: readonly string[]): boolean {
  return typeof model === "object" && model !== null && names.every((name) => name in model);
}
