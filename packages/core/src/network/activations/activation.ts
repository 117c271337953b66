import { layerKind, type LayerRules } from "../layers/layer_kind.ts";
import { shapeSize } from "../layers/shape.ts";

/** A function of one value, which a layer applies to each of its results. */
export interface ActivationRules {
  /** What its slope is a function of: the value that came in, or the one that went out. */
  readonly keeps: "input" | "output";
  /** Whether of two values the larger never becomes the smaller: then it may change places with a maximum. */
  readonly monotone: boolean;
  /**
   * How kernels compute it: y = min(max(x, 0), clip), Infinity for no upper limit; undefined: y = x. Such a function, applied
   * twice, gives what it gives once.
   */
  readonly clip: number | undefined;
  /** Floating-point operations for one value. */
  readonly flopsOfValue: number;
  /** Where its slope jumps. At such a place the slope is that of the values below. */
  readonly corners: readonly number[];
  /** In float64, as the reference has it. */
  readonly value: (x: number) => number;
  /** @param kept the value that came in or went out, as `keeps` says */
  readonly slope: (kept: number) => number;
}

/** Makes an activation that is also a kind of layer: called, it makes one of its name, which does nothing else. */
// What it gives is what both of its parts are.
// oxlint-disable-next-line typescript/explicit-module-boundary-types typescript/explicit-function-return-type
export function activation<Name extends string>(name: Name, rules: ActivationRules) {
  const layer: LayerRules<unknown> = {
    outputShape: (_, input) => input,
    flops: (_layer, _input, output) => rules.flopsOfValue * shapeSize(output),
  };
  return Object.assign(layerKind(name, {}, layer), rules);
}
