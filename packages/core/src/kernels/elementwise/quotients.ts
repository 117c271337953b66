import type { KernelFamily } from "../kernel_context.ts";
import { eachPair } from "./numbers.ts";

/** a modulo b, with the sign of b. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return (a < 0 && b < 0) || (a >= 0 && b >= 0) ? rest : (rest + b) % b;
}

/**
 * y = ⌊a / b⌋ as int32, a modulo b, a to the power of b, and the angle of (b, a). Shape: any two that can be broadcast.
 *
 * The stock FloorDiv divides whole numbers as float32, so that 16777217 / 1 is 16777216, and gives the type of a. The
 * stock Mod traps when a whole number is divided by 0, and rounds a + b to float32. The stock Pow saturates. None of
 * them but Pow takes truth values: they leave memory as it was.
 */
export const quotientKernels: KernelFamily = {
  Atan2: (context, inputs, attributes, stock) =>
    inputs["a"].dtype === "bool" ? eachPair(context, inputs["a"], inputs["b"], Math.atan2) : stock(inputs, attributes),
  FloorDiv: (context, { a, b }) => eachPair(context, a, b, (over, under) => Math.floor(over / under), "int32"),
  Mod: (context, { a, b }) => eachPair(context, a, b, modulo),
  Pow: (context, inputs, attributes, stock) =>
    inputs["a"].dtype === "float32" ? stock(inputs, attributes) : eachPair(context, inputs["a"], inputs["b"], Math.pow),
};
