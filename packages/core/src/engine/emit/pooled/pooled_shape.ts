import type { FilterShape } from "../tiles/filter_vectors.ts";
import type { Grid } from "../tiles/grid.ts";

/**
 * A convolution with a 2×2 max pool behind it, as its gradients see it. The grid counts pools: its input is the
 * convolution's input or the gradient of that, its output the gradient of the pool's output.
 */
export interface PooledShape extends FilterShape, Grid {
  /** Byte offsets of a pool's four windows from its first. */
  readonly cells: readonly number[];
  /** Results become min(max(y, 0), clip): Infinity for relu. undefined: they stay. */
  readonly clip: number | undefined;
}
