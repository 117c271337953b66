import type { Optimizer } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { CoreError } from "../../errors.ts";
import { findFunction, nameFunction, type NamedFunction } from "./named_function.ts";

/** A loss or metric, some of them, or some for each output, as `compile` takes them; functions by their names. */
type Travelling = string | NamedFunction | readonly Travelling[] | { readonly output: Record<string, Travelling> };

/** What a model was compiled with, as plain data. */
export interface CompileArguments {
  readonly loss: Travelling;
  readonly metrics: Travelling;
}

/** The class of a tfjs optimizer and what it was made with. */
export interface OptimizerSpec {
  readonly className: string;
  readonly config: object;
}

/** @throws `TAPE_FUNCTION` for losses and metrics that are functions of the caller's own */
export async function compileArguments({ loss, metrics }: LayersModel): Promise<CompileArguments> {
  return { loss: await pack("loss", loss), metrics: await pack("metric", metrics ?? []) };
}

async function pack(what: "loss" | "metric", value: unknown): Promise<Travelling> {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return Promise.all(value.map(async (each) => pack(what, each)));
  if (typeof value === "function") return nameFunction(what, value);
  const entries = Object.entries(value as object).map(async ([output, each]): Promise<[string, Travelling]> => [
    output,
    await pack(what, each),
  ]);
  return { output: Object.fromEntries(await Promise.all(entries)) };
}

/** @throws `TAPE_FUNCTION` when this tfjs lacks a function */
export async function compile(model: LayersModel, args: CompileArguments, optimizer: Optimizer): Promise<void> {
  model.compile({
    optimizer,
    loss: (await unpack(args.loss)) as string,
    metrics: (await unpack(args.metrics)) as string,
  });
}

async function unpack(value: Travelling): Promise<unknown> {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return Promise.all(value.map(async (each: Travelling) => unpack(each)));
  if ("in" in value) return findFunction(value);
  const { output } = value as { output: Record<string, Travelling> };
  const entries = Object.entries(output).map(async ([name, each]): Promise<[string, unknown]> => [
    name,
    await unpack(each),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

export function optimizerSpec(optimizer: Optimizer): OptimizerSpec {
  return { className: optimizer.getClassName(), config: optimizer.getConfig() };
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

export function unknownOptimizer({ className }: OptimizerSpec): CoreError {
  return new CoreError(
    "TAPE_CUSTOM_CLASS",
    `threads do not know the optimizer ${className}. Give modelModule: the URL of a module that registers it with ` +
      "tf.serialization.registerClass, or whose default export builds and compiles the model.",
  );
}
