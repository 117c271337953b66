import type { Optimizer, Scalar } from "@tensorflow/tfjs-core";
import { TfjsError } from "../../errors.ts";

/** The class of a tfjs optimizer and what it was made with. */
export interface OptimizerSpec {
  readonly className: string;
  readonly config: object;
}

/** What tfjs's SGD and momentum keep of the two settings besides; they compute with these. */
interface Kept {
  readonly c?: Scalar;
  readonly m?: Scalar;
  readonly learningRate?: number;
  readonly momentum?: number;
}

/** @throws `TAPE_OPTIMIZER` for a setting that tfjs itself would not heed */
export function optimizerSpec(optimizer: Optimizer): OptimizerSpec {
  const { c, m, learningRate, momentum } = optimizer as unknown as Kept;
  if (c !== undefined && c.dataSync()[0] !== Math.fround(-Number(learningRate))) {
    throw unheeded("learningRate", learningRate, -c.dataSync()[0], "Call optimizer.setLearningRate(rate).");
  }
  if (m !== undefined && m.dataSync()[0] !== Math.fround(Number(momentum))) {
    throw unheeded("momentum", momentum, m.dataSync()[0], "Compile the model with a new optimizer.");
  }
  return { className: optimizer.getClassName(), config: optimizer.getConfig() };
}

function unheeded(name: string, said: unknown, used: number, cure: string): TfjsError {
  return new TfjsError(
    "TAPE_OPTIMIZER",
    `optimizer.${name} was set to ${String(said)}, but this optimizer of tfjs goes on with ${Number(used.toPrecision(6))}: it ` +
      `copied the value when it was made. ${cure}`,
  );
}

/** @returns nothing when this thread does not know the class */
export async function restoreLayersOptimizer({ className, config }: OptimizerSpec): Promise<Optimizer | undefined> {
  const { serialization } = await import("@tensorflow/tfjs-core");
  const { classNameMap } = serialization.SerializationMap.getMap();
  const known = classNameMap[className] as (typeof classNameMap)[string] | undefined;
  if (known === undefined) return undefined;
  const [type, fromConfig] = known;
  return fromConfig(type, config as never) as unknown as Optimizer;
}

export function unknownOptimizer({ className }: OptimizerSpec): TfjsError {
  return new TfjsError(
    "TAPE_CUSTOM_CLASS",
    `threads do not know the optimizer ${className}. Give modelModule: the URL of a module that registers it with ` +
      "tf.serialization.registerClass, or whose default export builds and compiles the model.",
  );
}
