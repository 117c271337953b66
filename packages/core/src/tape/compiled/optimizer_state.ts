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

/** The fields of tfjs's Adamax, the one built-in optimizer whose getWeights and setWeights only throw. */
interface Adamax {
  readonly iteration: Variable;
  readonly accBeta1: Variable;
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

/** @returns nothing for an optimizer that does not tell; it begins anew in every run */
export async function readOptimizerState(optimizer: Optimizer): Promise<OptimizerState | undefined> {
  if (isAdamax(optimizer)) {
    const { iteration, accBeta1, accumulatedFirstMoment: first, accumulatedWeightedInfNorm: norm } = optimizer;
    const scalars = [iteration, accBeta1].map((tensor) => slotOf("", tensor));
    const slots = [...first, ...norm].map(({ originalName, variable }) => slotOf(originalName, variable));
    return { steps: optimizer.iterations, slots: [...scalars, ...slots] };
  }
  try {
    const [steps, ...slots] = await optimizer.getWeights();
    const state = {
      steps: steps.tensor.dataSync()[0],
      slots: slots.map(({ name, tensor }) => slotOf(name, tensor)),
    };
    steps.tensor.dispose();
    return state;
  } catch {
    return undefined;
  }
}

export async function writeOptimizerState(optimizer: Optimizer, { steps, slots }: OptimizerState): Promise<void> {
  // An optimizer that has taken no step has nothing to remember, and makes its slots itself.
  if (steps === 0) return;
  const { tensor, variable } = await import("@tensorflow/tfjs-core");
  const tensors = slots.map(({ name, shape, values }) => ({ name, tensor: tensor(values, [...shape], "float32") }));
  if (isAdamax(optimizer)) {
    const [iteration, accBeta1, ...rest] = tensors;
    optimizer.iteration.assign(iteration.tensor);
    optimizer.accBeta1.assign(accBeta1.tensor);
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
    await optimizer.setWeights([{ name: "iter", tensor: iterations }, ...tensors]);
    for (const each of old) each.tensor.dispose();
    iterations.dispose();
  }
  for (const each of tensors) each.tensor.dispose();
}

function slotOf(name: string, tensor: Tensor): OptimizerSlot {
  return { name, shape: tensor.shape, values: tensor.dataSync<"float32">().slice() };
}

function isAdamax(optimizer: unknown): optimizer is Adamax {
  return typeof optimizer === "object" && optimizer !== null && "accumulatedWeightedInfNorm" in optimizer;
}
