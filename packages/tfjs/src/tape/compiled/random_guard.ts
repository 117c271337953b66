import { TfjsError } from "../../errors.ts";

/**
 * Runs a function in which nobody may draw from `Math.random`, as tfjs does for every random tensor without a seed: two
 * threads would draw different numbers, and nobody could draw them again.
 *
 * @throws `TAPE_RANDOM` at the draw
 */
export function withoutRandomNumbers<Result>(run: () => Result): Result {
  const { random } = Math;
  Math.random = refuse;
  try {
    return run();
  } finally {
    Math.random = random;
  }
}

function refuse(): never {
  throw new TfjsError(
    "TAPE_RANDOM",
    "a layer, loss or metric of this model draws random numbers of its own, which are others in every thread. Use the " +
      "dropout and noise layers of tfjs-layers, or give the drawing operation a seed.",
  );
}
