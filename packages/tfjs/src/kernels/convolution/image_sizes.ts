/** A plane image has depth 1. */
export type Sizes = readonly [depth: number, height: number, width: number];

/** What is read or written: images of these sizes. */
export interface Images {
  readonly sizes: Sizes;
  readonly channels: number;
}
