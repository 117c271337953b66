import { activation } from "./activation.ts";

/**
 * Relu with an upper limit, as small networks for phones have it.
 *
 *     y = min(max(x, 0), 6)
 *
 * Shape: any; unchanged.
 *
 * Gradient: passes where 0 < x < 6; zero elsewhere, also at 0 and 6.
 *
 * @throws `LAYER_OPTION` for any option: there are none
 *
 * Source: Howard et al., MobileNets, arXiv:1704.04861
 *
 * @example
 * relu6()
 */
export const relu6 = activation("relu6", {
  keeps: "output",
  monotone: true,
  clip: 6,
  flopsOfValue: 2,
  corners: [0, 6],
  value: (x) => (x <= 0 ? 0 : x >= 6 ? 6 : x),
  slope: (y) => (y <= 0 || y >= 6 ? 0 : 1),
});
