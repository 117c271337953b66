import type { Optimizer, serialization, Variable } from "@tensorflow/tfjs-core";
import type { Backend } from "../../backend/start.ts";
import { optimizerTensors, type OptimizerState } from "./optimizer_state.ts";

/** Something that an optimizer remembers, without its values. */
export interface SlotShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
}

/** Two variables of one name cannot be. */
const prefix = "like/";

/**
 * What an optimizer will remember once it has taken a step: seen at another one of its class, which takes a step on zeros.
 *
 * @returns nothing for an optimizer that does not tell, or of which there can be no second
 */
export async function optimizerSlots(
  tf: Backend["tf"],
  optimizer: Optimizer,
  trained: readonly Variable[],
): Promise<readonly SlotShape[] | undefined> {
  const zeros = trained.map(({ name, shape }) => tf.tidy(() => tf.zeros(shape).variable(true, `${prefix}${name}`)));
  let other: Optimizer | undefined;
  try {
    other = anotherOne(optimizer);
    other.applyGradients(zeros.map((variable) => ({ name: variable.name, tensor: variable })));
    const found = await optimizerTensors(other);
    return found?.tensors.map(({ name, tensor: { shape, size } }) => ({ name: name.replace(prefix, ""), shape, size }));
  } catch {
    return undefined;
  } finally {
    other?.dispose();
    for (const variable of zeros) variable.dispose();
  }
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
