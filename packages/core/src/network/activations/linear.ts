import type { ActivationRules } from "./activation.ts";

/** Values as they are. It is no layer: that would do nothing. */
export const linear: ActivationRules = {
  keeps: "output",
  monotone: true,
  clip: undefined,
  flopsOfValue: 0,
  corners: [],
  value: (x) => x,
  slope: () => 1,
};
