// The float64 reference, for tests of other packages.
export { relativeDistance } from "../src/engine/verify/reference/closeness.ts";
export { conv2d, conv2dGradients } from "../src/engine/verify/reference/conv2d.ts";
export { kinkTolerance } from "../src/engine/verify/reference/kink.ts";
export { referenceGradient, referenceLogits } from "../src/engine/verify/reference/network.ts";
export { tensor } from "../src/engine/verify/reference/tensor.ts";
export type { Tensor } from "../src/engine/verify/reference/tensor.ts";
export { slide } from "../src/engine/verify/reference/window.ts";
