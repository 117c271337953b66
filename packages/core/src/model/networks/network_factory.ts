import type { ImageShape } from "../../network/layers/shape.ts";
import type { Sequential } from "../sequential.ts";

export interface NetworkOptions {
  /** [height, width, channels] of an image. Default [28, 28, 1]. */
  readonly inputShape?: ImageShape | readonly number[];
  /** Default 10. */
  readonly classes?: number;
  /** Key of the first weights. Default 1. */
  readonly seed?: number;
}

/** Makes a ready-made network for images of any shape that its windows fit into. */
export type NetworkFactory = (options?: NetworkOptions) => Sequential;
