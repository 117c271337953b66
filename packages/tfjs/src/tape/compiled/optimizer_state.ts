import type { Optimizer, Tensor, Variable } from "@tensorflow/tfjs-core";

/** What an optimizer of tfjs remembers of the steps that it took. */
export interface OptimizerState {
  readonly steps: number;
  /** One after the other for each trainable weight, kind by kind, as `optimizer.getWeights()` gives them. */
  readonly slots: readonly OptimizerSlot[];
}

interface OptimizerSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The same, as the optimizer's own tensors: they are to be read before its next step, and not to be disposed. */
export interface OptimizerTensors {
  readonly steps: number;
  readonly tensors: readonly { readonly name: string; readonly tensor: Tensor }[];
}

/** The fields of tfjs's Adamax, the one built-in optimizer whose getWeights and setWeights only throw. */
interface Adamax {
  accumulatedFirstMoment: Slot[];
  accumulatedWeightedInfNorm: Slot[];
  /** A step more; there is no other way to set it. */
  incrementIterations(): void;
  readonly iterations: number;
}

interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

/**
 * Fields of Adam and Adamax that count steps in their own way. Adam's setWeights makes its two anew as powers, which are not
 * to the bit the products that they were.
 */
const counters = ["iteration", "accBeta1", "accBeta2"];

/** @returns nothing for an optimizer that does not tell; it begins anew in every run */
export async function optimizerTensors(optimizer: Optimizer): Promise<OptimizerTensors | undefined> {
  const own = countersOf(optimizer);
  if (isAdamax(optimizer)) {
    const { iterations, accumulatedFirstMoment: first, accumulatedWeightedInfNorm: norm } = optimizer;
    const slots = [...first, ...norm].map(({ originalName, variable }) => ({ name: originalName, tensor: variable }));
    return { steps: iterations, tensors: [...own, ...slots] };
  }
  try {
    const [{ tensor: iterations }, ...slots] = await optimizer.getWeights();
    const [steps] = iterations.dataSync();
    iterations.dispose();
    return { steps, tensors: [...own, ...slots] };
  } catch {
    return undefined;
  }
}

/** @returns nothing for an optimizer that does not tell */
export async function readOptimizerState(optimizer: Optimizer): Promise<OptimizerState | undefined> {
  const found = await optimizerTensors(optimizer);
  if (found === undefined) return undefined;
  const slots = found.tensors.map(({ name, tensor }) => {
    return { name, shape: tensor.shape, values: tensor.dataSync<"float32">().slice() };
  });
  return { steps: found.steps, slots };
}

export async function writeOptimizerState(optimizer: Optimizer, { steps, slots }: OptimizerState): Promise<void> {
  // An optimizer that has taken no step has nothing to remember, and makes its slots itself.
  if (steps === 0) return;
  const { tensor, variable } = await import("@tensorflow/tfjs-core");
  const tensors = slots.map(({ name, shape, values }) => ({ name, tensor: tensor(values, [...shape], "float32") }));
  const own = countersOf(optimizer);
  const rest = tensors.slice(own.length);
  if (isAdamax(optimizer)) {
    const made = rest.map(({ name, tensor: value }) => ({ originalName: name, variable: variable(value, false) }));
    for (const old of [...optimizer.accumulatedFirstMoment, ...optimizer.accumulatedWeightedInfNorm]) {
      old.variable.dispose();
    }
    optimizer.accumulatedFirstMoment = made.slice(0, made.length / 2);
    optimizer.accumulatedWeightedInfNorm = made.slice(made.length / 2);
    while (optimizer.iterations < steps) optimizer.incrementIterations();
  } else {
    const old = await optimizer.getWeights();
    const iterations = tensor(steps, [], "int32");
    await optimizer.setWeights([{ name: "iter", tensor: iterations }, ...rest]);
    for (const each of old) each.tensor.dispose();
    iterations.dispose();
  }
  for (const [i, counter] of own.entries()) counter.tensor.assign(tensors[i].tensor);
  for (const each of tensors) each.tensor.dispose();
}

function countersOf(optimizer: Optimizer): { readonly name: string; readonly tensor: Variable }[] {
  const fields = optimizer as unknown as Readonly<Record<string, Variable | undefined>>;
  // One of the caller's own may have a plain number by that name.
  return counters.flatMap((name) => {
    const tensor = fields[name];
    return typeof tensor?.assign === "function" ? [{ name, tensor }] : [];
  });
}

function isAdamax(optimizer: unknown): optimizer is Adamax {
  return typeof optimizer === "object" && optimizer !== null && "accumulatedWeightedInfNorm" in optimizer;
}
