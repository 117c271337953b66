import type { NamedTensorMap, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { onlyOnce } from "../gradients/only_once.ts";

/** What tfjs's optimizers take. */
export type VariableGradients = NamedTensorMap | { name: string; tensor: Tensor }[];

/** What they keep of a variable. */
export interface Slot {
  originalName: string;
  variable: Variable;
}

/** A variable and its gradient; `index` is its place among the optimizer's slots. */
export interface NamedGradient {
  readonly index: number;
  readonly name: string;
  readonly value: Variable;
  readonly gradient: Tensor | null | undefined;
}

/**
 * The variables of a step with their gradients; undefined where tfjs's own code must do it.
 *
 * @param slots of each kind that the optimizer has by now: an optimizer that trained other weights before has theirs, which
 *   tfjs's code refuses, and which a kernel would read and write beyond their ends
 */
export function namedGradients(
  tf: TensorFlow,
  gradients: VariableGradients,
  slots: readonly (readonly Slot[])[],
): NamedGradient[] | undefined {
  if (!onlyOnce(tf)) return undefined;
  const { registeredVariables } = tf.engine();
  const names = Array.isArray(gradients) ? gradients.map(({ name }) => name) : Object.keys(gradients);
  const steps = names.map((name, index) => ({
    index,
    name,
    value: registeredVariables[name],
    gradient: (Array.isArray(gradients) ? gradients[index].tensor : gradients[name]) as Tensor | null | undefined,
  }));
  const ours = steps.every(
    ({ index, value, gradient }) =>
      value.dtype === "float32" &&
      (!gradient || (gradient.dtype === "float32" && tf.util.arraysEqual(gradient.shape, value.shape))) &&
      slots.every(({ [index]: slot }: readonly (Slot | undefined)[]) =>
        tf.util.arraysEqual((slot?.variable ?? value).shape, value.shape),
      ),
  );
  return ours ? steps : undefined;
}

/** The optimizer's variable for this one, made at its first step. */
export function slotOf(tf: TensorFlow, slots: Slot[], { index, name, value }: NamedGradient, what: string): Variable {
  slots[index] ??= { originalName: `${name}/${what}`, variable: tf.tidy(() => tf.zerosLike(value).variable(false)) };
  return slots[index].variable;
}
