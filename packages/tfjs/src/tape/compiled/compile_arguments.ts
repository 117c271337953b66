import type { Optimizer } from "@tensorflow/tfjs-core";
import { TfjsError } from "../../errors.ts";
import { findFunction, nameFunction, type NamedFunction } from "./named_function.ts";

/** A loss or metric, some of them, or some for each output, as `compile` takes them; functions by their names. */
type Travelling = string | NamedFunction | readonly Travelling[] | { readonly output: Record<string, Travelling> };

/** What a model was compiled with, as plain data. */
export interface CompileArguments {
  readonly loss: Travelling;
  readonly metrics: Travelling;
}

/** What `compile` left in a model. */
interface Compiled {
  readonly loss: unknown;
  readonly metrics?: unknown;
}

/** What can be compiled: a model. */
interface Compilable {
  compile(args: { optimizer: Optimizer; loss: string; metrics: string }): void;
}

/** @throws `TAPE_FUNCTION` for losses and metrics that are functions of the caller's own */
export async function compileArguments({ loss, metrics }: Compiled): Promise<CompileArguments> {
  return { loss: await pack("loss", loss), metrics: await pack("metric", metrics ?? []) };
}

async function pack(what: "loss" | "metric", value: unknown): Promise<Travelling> {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return Promise.all(value.map(async (each) => pack(what, each)));
  if (typeof value === "function") return nameFunction(what, value);
  if (value === undefined || value === null) {
    throw new TfjsError(
      "TAPE_FUNCTION",
      `an output has no ${what}, and tfjs cannot do without. Compile the model with one.`,
    );
  }
  const entries = Object.entries(value).map(async ([output, each]): Promise<[string, Travelling]> => [
    output,
    await pack(what, each),
  ]);
  return { output: Object.fromEntries(await Promise.all(entries)) };
}

/** @throws `TAPE_FUNCTION` when this tfjs lacks a function */
export async function compile(model: Compilable, args: CompileArguments, optimizer: Optimizer): Promise<void> {
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
