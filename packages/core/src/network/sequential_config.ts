import type { ImageShape } from "./layers/shape.ts";
import type { Layer } from "./layers/layers.ts";
import type { Meaning } from "./meaning.ts";

/** A network as plain data: what `Sequential.toJSON` gives and `fromJSON` takes. */
export interface SequentialConfig extends Meaning {
  readonly inputShape: ImageShape;
  readonly layers: readonly Layer[];
  readonly seed: number;
}

export interface SequentialOptions extends Meaning {
  /** [height, width, channels] of an image. */
  readonly inputShape: ImageShape | readonly number[];
  readonly layers: readonly Layer[];
  /** Key of the first weights, 0 to 2^32 - 1. Default 1. */
  readonly seed?: number;
}
