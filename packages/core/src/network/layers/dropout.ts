import type { ConfigOf } from "../options/kind.ts";
import type { GivenOptions } from "../options/option.ts";
import { share } from "../options/values.ts";
import { layerKind } from "./layer_kind.ts";

/**
 * Sets a random share of the values to zero in training, and scales the others up, so that the mean stays.
 *
 *     y = kept ? x / (1 - rate) : 0        in training
 *     y = x                                in prediction
 *
 * Which values are kept depends on seed, layer, step, sample and element alone, so that a run can be repeated
 * bit for bit with any number of workers.
 *
 * @param options.rate share of the values that are dropped, from 0 to below 1
 *
 * Shape: any; unchanged.
 *
 * Gradient: goes through the same mask and the same scale.
 *
 * @throws `LAYER_OPTION` for an option that is unknown or impossible
 *
 * Source: Srivastava et al., Dropout, JMLR 15 (2014)
 *
 * @example
 * dropout({ rate: 0.5 })
 */
export const dropout = layerKind(
  "dropout",
  { rate: share("share of the values that are dropped") },
  { outputShape: (_, input) => input, flops: () => 0 },
);

export type DropoutOptions = GivenOptions<typeof dropout.options>;
export type DropoutLayer = ConfigOf<typeof dropout>;
