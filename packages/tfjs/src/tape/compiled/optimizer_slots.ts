import type { Optimizer, serialization, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Backend } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import { optimizerTensors, writeOptimizerState, type OptimizerState } from "./optimizer_state.ts";

/** Something that an optimizer remembers, without its values. */
export interface SlotShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
}

type Gradients = Extract<Parameters<Optimizer["applyGradients"]>[0], readonly unknown[]>;

/** Two variables of one name cannot be. */
const prefix = "like/";

/**
 * What an optimizer will remember once it has taken a step: seen at another one of its class, which takes a step on zeros.
 *
 * @param collected what it will be given, each with a gradient or without
 * @param frozen which of them will have none
 * @param state what it remembers already
 * @returns nothing for an optimizer that does not tell, or of which there can be no second
 * @throws `TAPE_OPTIMIZER` when it cannot go on from what it remembers
 */
export async function optimizerSlots(
  tf: Backend["tf"],
  optimizer: Optimizer,
  collected: readonly Variable[],
  frozen: readonly boolean[],
  state: OptimizerState | undefined,
): Promise<readonly SlotShape[] | undefined> {
  const zeros = new Map<Variable, Variable>();
  for (const variable of collected) {
    const { name, shape } = variable;
    if (zeros.has(variable)) continue;
    zeros.set(
      variable,
      tf.tidy(() => tf.zeros(shape).variable(true, `${prefix}${name}`)),
    );
  }
  const copies = collected.map((variable) => zeros.get(variable) ?? variable);
  const gradients = withGradients(copies, (copy) => (frozen[copies.indexOf(copy)] ? undefined : copy));
  try {
    const slots = await slotsAfterStep(optimizer, gradients, undefined).catch(() => undefined);
    if (slots === undefined || state === undefined) return slots;
    return await slotsAfterStep(optimizer, gradients, state);
  } catch (cause) {
    throw new TfjsError(
      "TAPE_OPTIMIZER",
      `the optimizer remembers ${state?.slots.length} vectors of other weights than the ${collected.length} that the model ` +
        "trains now, and cannot go on from them. Compile the model with a new optimizer.",
      { cause },
    );
  } finally {
    for (const variable of zeros.values()) variable.dispose();
  }
}

async function slotsAfterStep(
  optimizer: Optimizer,
  gradients: Gradients,
  state: OptimizerState | undefined,
): Promise<readonly SlotShape[] | undefined> {
  const other = anotherOne(optimizer);
  try {
    if (state !== undefined) await writeOptimizerState(other, state);
    other.applyGradients(gradients);
    const found = await optimizerTensors(other);
    return found?.tensors.map(({ name, tensor: { shape, size } }) => ({ name: name.replace(prefix, ""), shape, size }));
  } finally {
    other.dispose();
  }
}

/** As tfjs's `minimize` gives them to an optimizer: what has no gradient is there, without one. */
export function withGradients(
  variables: readonly Variable[],
  gradientOf: (variable: Variable) => Tensor | undefined,
): Gradients {
  // tfjs's types do not say so.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return variables.map((variable) => ({ name: variable.name, tensor: gradientOf(variable) })) as Gradients;
}

function anotherOne(optimizer: Optimizer): Optimizer {
  const type = optimizer.constructor as serialization.SerializableConstructor<Optimizer> & {
    fromConfig: serialization.FromConfigMethod<Optimizer>;
  };
  return type.fromConfig(type, optimizer.getConfig());
}

/** Values of all slots, one after the other, as an optimizer's state. */
export function stateOfSlots(slots: readonly SlotShape[], steps: number, flat: Float32Array): OptimizerState {
  let end = 0;
  return {
    steps,
    slots: slots.map(({ name, shape, size }) => {
      const start = end;
      end += size;
      return { name, shape, values: flat.slice(start, end) };
    }),
  };
}
