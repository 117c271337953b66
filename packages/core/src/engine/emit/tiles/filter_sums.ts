import type { Code, Local } from "../module/code.ts";
import type { FilterVector } from "./filter_vectors.ts";
import { loadVector, loadVectors, multiplyAdd, storeRow } from "./simd.ts";

/** Some vectors of a filter's shape in registers, for one or more windows: [window][vector]. */
export type FilterSums = readonly (readonly Local[])[];

/**
 * Loads what lies in each window, lets `body` add to it, and stores it.
 *
 * Lanes that a row of a filter has to spare reach into what follows the row, perhaps into another row or window of these.
 * Filters are zero there, and windows and rows ascend, so that what is written last is what its own sums came to.
 *
 * @param windows byte offsets of the windows from `base`, ascending
 */
export function emitFilterSums(
  code: Code,
  base: Local,
  windows: readonly number[],
  group: readonly FilterVector[],
  body: (sums: FilterSums) => void,
): void {
  const sums = windows.map(() => group.map(() => code.local("v128")));
  for (const [i, window] of windows.entries()) {
    for (const [n, { input }] of group.entries()) loadVector(code, sums[i][n], base, window + input);
  }
  body(sums);
  for (const [i, window] of windows.entries()) {
    for (let n = 0; n < group.length;) {
      const sideBySide = group[n + 1]?.input === group[n].input + 16 ? 2 : 1;
      storeRow(code, base, window + group[n].input, sums[i].slice(n, n + sideBySide));
      n += sideBySide;
    }
  }
  code.release("v128", ...sums.flat());
}

/**
 * sums[window] += x[window] · filter
 *
 * @param filters address; the filter lies `offset` bytes behind it
 * @param factors registers for as many of the filter's vectors as are worked on together
 */
export function emitFilterStep(
  code: Code,
  sums: FilterSums,
  x: readonly Local[],
  filters: Local,
  offset: number,
  group: readonly FilterVector[],
  factors: readonly Local[],
): void {
  for (let n = 0; n < group.length; n += factors.length) {
    const some = factors.slice(0, group.length - n);
    loadVectors(code, some, filters, offset + group[n].filter);
    for (const [i, row] of sums.entries()) multiplyAdd(code, row.slice(n, n + some.length), x[i], some);
  }
}
