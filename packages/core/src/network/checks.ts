import { printable, shown } from "./printable.ts";
import { CoreError } from "../errors.ts";
import type { BuiltLayer, ParameterSpec } from "./layers/built_layer.ts";
import type { ImageShape } from "./layers/shape.ts";
import { shapeText } from "./layers/shape.ts";

/** 1 GiB of weights: with gradient, velocity and their copies, about what the backend's 4 GiB can hold. */
const largestParameterCount = 2 ** 28;

/** 4096 × 4096 of grey: 64 MiB as floats. */
const mostInputs = 2 ** 24;

/** Three times those of ImageNet's largest collection. Each has a name in memory. */
const mostClasses = 2 ** 16;

/**
 * Refuses what is no object, and names that are not known: an option that is misspelt would have no effect.
 *
 * @param who takes the options, in messages
 *
 * @throws `MODEL_OPTION`
 */
export function checkNames(who: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new CoreError("MODEL_OPTION", `${who} takes an object of options; got ${shown(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new CoreError("MODEL_OPTION", `${who} has no option ${printable(unknown)}; it takes ${known.join(", ")}.`);
}

export function checkedInputShape(shape: unknown): ImageShape {
  if (Array.isArray(shape) && shape.length === 3 && shape.every((size) => Number.isInteger(size) && size > 0)) {
    const [height, width, channels] = shape;
    if (height * width * channels <= mostInputs) return [height, width, channels];
  }
  throw new CoreError(
    "MODEL_OPTION",
    `inputShape must be [height, width, channels], whole numbers from 1 with at most ${mostInputs} values in all; ` +
      `got ${shown(shape)}.`,
  );
}

export function checkedSeed(seed: unknown): number {
  if (typeof seed === "number" && Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return seed;
  throw new CoreError("MODEL_OPTION", `seed must be a whole number from 0 to ${2 ** 32 - 1}; got ${shown(seed)}.`);
}

export function checkedClasses(layers: readonly BuiltLayer[]): number {
  const { name, outputShape } = layers[layers.length - 1];
  if (outputShape.length === 1 && outputShape[0] > mostClasses) {
    throw new CoreError(
      "MODEL_SIZE",
      `the last layer, ${name}, gives ${outputShape[0]} classes; ${mostClasses} are the most. ` +
        `End with dense({ units: classes }).`,
    );
  }
  if (outputShape.length === 1 && outputShape[0] >= 2) return outputShape[0];
  throw new CoreError(
    "LAYER_SHAPE",
    `the last layer, ${name}, gives ${shapeText(outputShape)}; a classifier ends with [classes], at least 2. ` +
      `End with flatten() and dense({ units: classes }).`,
  );
}

export function checkedParameterCount(parameters: readonly ParameterSpec[]): number {
  const count = parameters.reduce((sum, { size }) => sum + size, 0);
  if (count <= largestParameterCount) return count;
  const largest = parameters.reduce((most, parameter) => (parameter.size > most.size ? parameter : most));
  throw new CoreError(
    "MODEL_SIZE",
    `the network has ${count} parameters; ${largestParameterCount} (1 GiB) fit. ` +
      `The largest tensor is ${largest.name}, ${shapeText(largest.shape)}.`,
  );
}
