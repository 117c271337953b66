import { ParallelError } from "../errors.ts";
import { refuse } from "../fit/option_checks.ts";

/** Loss and metrics by their names. */
export type Logs = Record<string, number>;

/** A callback of tfjs, or an object with some of its methods. Epochs count from 0, as in tfjs. */
export interface LayersCallback {
  onTrainBegin?(logs?: Logs): unknown;
  onTrainEnd?(logs?: Logs): unknown;
  onEpochBegin?(epoch: number, logs?: Logs): unknown;
  onEpochEnd?(epoch: number, logs?: Logs): unknown;
  // Whatever tfjs has for the two; its types differ from version to version.
  setParams?(params: never): void;
  setModel?(model: never): void;
}

const called = ["onTrainBegin", "onTrainEnd", "onEpochBegin", "onEpochEnd", "setParams", "setModel"];

/** Minibatches pass in the threads; nobody waits for the main thread between two of them. */
const refused: Readonly<Record<string, string>> = {
  onBatchBegin: "batchBegin",
  onBatchEnd: "batchEnd",
  onYield: "yield",
};

/**
 * The callbacks in a list.
 *
 * @throws `FIT_OPTION` for what is no callback, and for methods that would never be called
 */
export function checkCallbacks(given: unknown): readonly LayersCallback[] {
  if (given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const each of list) {
    if (typeof each !== "object" || each === null) refuse("callbacks", "a callback of tfjs, or an array of them", each);
    for (const [name, field] of Object.entries(refused)) {
      if (!isMeant(each, name, field)) continue;
      throw new ParallelError(
        "FIT_OPTION",
        `fit cannot call ${name}: minibatches pass in other threads. Use onEpochEnd, or onEvent, which tells of each hundred ` +
          "minibatches and ten times a second.",
      );
    }
    const unknown = Object.keys(each).find(
      (name) => /^on[A-Z]/.test(name) && !called.includes(name) && !(name in refused),
    );
    if (unknown !== undefined) {
      throw new ParallelError(
        "FIT_OPTION",
        `callbacks have no ${unknown}; fit calls ${called.slice(0, 4).join(", ")}.`,
      );
    }
  }
  return list as readonly LayersCallback[];
}

/** Whether a method does something: tfjs's base class has all of them, empty, and its CustomCallback calls its fields. */
function isMeant(callback: object, name: string, field: string): boolean {
  if (!(name in callback)) return false;
  if (field in callback) return typeof (callback as Record<string, unknown>)[field] === "function";
  const classes = [];
  for (let each: object = callback; each !== Object.prototype && (each as unknown) !== null;) {
    classes.push(each);
    each = Object.getPrototypeOf(each) as object;
  }
  const owner = classes.findIndex((each) => Object.hasOwn(each, name));
  const isBase = owner === classes.length - 1 && owner > 1;
  return !isBase && typeof (callback as Record<string, unknown>)[name] === "function";
}
