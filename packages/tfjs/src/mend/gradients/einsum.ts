import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "../gradients.ts";
import { repeatedAlong } from "./repeated_along.ts";

/**
 * The gradient of an einsum is an einsum: for y = Σ a · b,
 *
 *     da[axes of a] = Σ over the axes of y and b that a lacks of dy · b
 *
 * repeated along the axes that only a has. tfjs has none, on any backend.
 */
export const einsumGradient: Gradient = (tf) => ({
  saveAllInputs: true,
  gradFunc(dy, saved, attributes) {
    const [inputs, output] = (attributes["equation"] as string).replaceAll(/\s/g, "").split("->");
    const terms = inputs.split(",");
    const gradients = saved.map((x, n) => (): Tensor => {
      const others = terms.filter((_, other) => other !== n);
      const known = terms[n].split("").filter((axis) => [output, ...others].some((term) => term.includes(axis)));
      const equation = `${[output, ...others].join(",")}->${known.join("")}`;
      const sum = tf.einsum(equation, dy as Tensor, ...saved.filter((_, other) => other !== n));
      const lacking = x.shape.flatMap((_, axis) => (known.includes(terms[n][axis]) ? [] : [axis]));
      return repeatedAlong(tf, sum, x, lacking);
    });
    return Object.fromEntries(gradients.entries());
  },
});
