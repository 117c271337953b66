import type { ConfigOf } from "../options/kind.ts";
import { activation } from "./activation.ts";

/**
 * Negative values become zero.
 *
 *     y = max(x, 0)
 *
 * Shape: any; unchanged.
 *
 * Gradient: passes where x > 0; zero elsewhere, also at x = 0.
 *
 * @throws `LAYER_OPTION` for any option: there are none
 *
 * @example
 * relu()
 */
export const relu = activation("relu", {
  keeps: "output",
  monotone: true,
  clip: Infinity,
  flopsOfValue: 1,
  corners: [0],
  value: (x) => (x <= 0 ? 0 : x),
  slope: (y) => (y <= 0 ? 0 : 1),
});

export type ReluLayer = ConfigOf<typeof relu>;
