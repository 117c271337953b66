import { CoreError } from "../errors.ts";
import { buildLayers } from "./layers/build.ts";
import type { BuiltLayer, ParameterSpec } from "./layers/built_layer.ts";
import type { ImageShape } from "./layers/shape.ts";
import { restoreLayer } from "./layers/layers.ts";
import { checkLayerCount } from "./layers/size.ts";
import { checkedClasses, checkedInputShape, checkedParameterCount, checkedSeed, checkNames } from "./checks.ts";
import { type Meaning, withMeaning } from "./meaning.ts";
import type { SequentialConfig, SequentialOptions } from "./sequential_config.ts";

/** What follows from a network's description: shapes, names and places of its tensors. It has no weights. */
export interface Network {
  readonly inputShape: ImageShape;
  readonly layers: readonly BuiltLayer[];
  readonly classes: number;
  /** Of all layers, in the order of the flat vector. */
  readonly parameters: readonly ParameterSpec[];
  readonly parameterCount: number;
  /** Key of the first weights. */
  readonly seed: number;
  readonly meaning: Meaning;
}

const known = ["inputShape", "layers", "seed", "normalization", "classNames", "pictureFit"];

/**
 * Checks a description of a network, whoever wrote it, and works out what follows from it. Allocates nothing that grows
 * with the network's size.
 *
 * @throws as `new Sequential` does
 *
 * @example
 * buildNetwork(seedCnn().toJSON()).parameterCount // 102130
 */
export function buildNetwork(options: SequentialOptions): Network {
  checkNames("Sequential", options, known);
  const { layers: given, seed: key = 1, normalization, classNames, pictureFit } = options;
  const inputShape = checkedInputShape(options.inputShape);
  const seed = checkedSeed(key);
  if (!Array.isArray(given) || given.length === 0) {
    throw new CoreError(
      "MODEL_OPTION",
      "layers must be an array of at least one layer, such as [flatten(), dense(…)].",
    );
  }
  checkLayerCount(given.length);
  const layers = buildLayers(inputShape, given.map(restoreLayer));
  const classes = checkedClasses(layers);
  const parameters = layers.flatMap((layer) => layer.parameters);
  const parameterCount = checkedParameterCount(parameters);
  const meaning = withMeaning({}, { normalization, classNames, pictureFit }, { inputShape, classes });
  return { inputShape, layers, classes, parameters, parameterCount, seed, meaning };
}

/** The description that `buildNetwork` was given, with its defaults. */
export function configOf({ inputShape, layers, seed, meaning }: Network): SequentialConfig {
  return { inputShape, layers: layers.map(({ layer }) => layer), seed, ...meaning };
}
