import type { Gradient } from "./gradients.ts";
import { einsumGradient } from "./gradients/einsum.ts";

/** Gradients that tfjs has wrong or refuses on every backend, by kernel. */
export const mendedGradients: Readonly<Record<string, Gradient>> = { Einsum: einsumGradient };
