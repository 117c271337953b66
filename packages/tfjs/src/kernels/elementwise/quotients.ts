import type { KernelFamily } from "../kernel_context.ts";
import { eachPair, type PairLoop, pairLoop } from "./numbers.ts";

const floors: PairLoop = (a, aStep, b, bStep, y) => {
  for (let i = 0; i < y.length; i++) y[i] = Math.floor(a[i * aStep] / b[i * bStep]);
};

/** With the sign of b. */
const remainders: PairLoop = (a, aStep, b, bStep, y) => {
  for (let i = 0; i < y.length; i++) {
    const over = a[i * aStep];
    const under = b[i * bStep];
    const rest = over % under;
    y[i] = (over < 0 && under < 0) || (over >= 0 && under >= 0) ? rest : (rest + under) % under;
  }
};

const powers = pairLoop(Math.pow);
const angles = pairLoop(Math.atan2);

/**
 * y = ⌊a / b⌋ as int32, a modulo b, a to the power of b, and the angle of (b, a). Shape: any two that can be broadcast.
 *
 * The stock FloorDiv divides whole numbers as float32, so that 16777217 / 1 is 16777216, and gives the type of a. The
 * stock Mod traps when a whole number is divided by 0, and rounds a + b to float32. The stock Pow saturates. None of
 * them but Pow takes truth values: they leave memory as it was.
 */
export const quotientKernels: KernelFamily = {
  Atan2: (context, inputs, attributes, stock) =>
    inputs["a"].dtype === "bool" ? eachPair(context, inputs["a"], inputs["b"], angles) : stock(inputs, attributes),
  FloorDiv: (context, { a, b }) => eachPair(context, a, b, floors, "int32"),
  Mod(context, inputs, attributes, stock) {
    const { a, b } = inputs;
    if (a.dtype === "int32" && b.dtype === "int32" && !context.backend.typedArrayFromHeap(b).includes(0)) {
      return stock(inputs, attributes);
    }
    return eachPair(context, a, b, remainders);
  },
  Pow: (context, inputs, attributes, stock) =>
    inputs["a"].dtype === "float32" ? stock(inputs, attributes) : eachPair(context, inputs["a"], inputs["b"], powers),
};
