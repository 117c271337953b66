import { balanced, type PanelVectors } from "./tiling.ts";

/**
 * A filter as a window of the input meets it: `taps` rows of `segment` floats, `tapStride` bytes apart in the input, and
 * without a gap, in whole vectors, where the filters lie.
 */
export interface FilterShape {
  readonly channels: number;
  readonly taps: number;
  readonly tapStride: number;
  readonly segment: number;
}

/** One vector of a filter: bytes from the window's start, bytes from the filter's. */
export interface FilterVector {
  readonly input: number;
  readonly filter: number;
}

/** Vectors in a row of a filter, in whole pairs where the kernel works on pairs. */
export function rowVectors({ segment }: Pick<FilterShape, "segment">, panelVectors: PanelVectors): number {
  const unit = panelVectors / 2;
  return Math.ceil(segment / 4 / unit) * unit;
}

/** Bytes of a filter in whole vectors. */
export function filterBytes(shape: FilterShape, panelVectors: PanelVectors): number {
  return shape.taps * rowVectors(shape, panelVectors) * 16;
}

/** The filter's vectors in groups that fit into the registers, as sums of so many windows. */
export function vectorGroups(shape: FilterShape, panelVectors: PanelVectors, windows = 1): FilterVector[][] {
  const inRow = rowVectors(shape, panelVectors);
  const vectors = Array.from({ length: shape.taps * inRow }, (_, v) => ({
    input: Math.floor(v / inRow) * shape.tapStride + (v % inRow) * 16,
    filter: v * 16,
  }));
  const unit = panelVectors / 2;
  const groups: FilterVector[][] = [];
  for (const { size, count } of balanced(vectors.length / unit, 12 / windows)) {
    for (let i = 0; i < count; i++) groups.push(vectors.splice(0, size * unit));
  }
  return groups;
}
