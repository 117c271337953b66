/** How windows lie along one axis of an image; padding is no cell of theirs, and each has at least one cell. */
export interface PoolAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padBefore: number;
  readonly positions: number;
}

/** The windows of a pool, and how the pixels of its input and output lie. Strides are bytes. */
export interface PoolShape {
  readonly channels: number;
  readonly vertical: PoolAxis;
  readonly horizontal: PoolAxis;
  readonly inputRowStride: number;
  readonly inputImageStride: number;
  readonly outputRowStride: number;
  readonly outputImageStride: number;
}

/** Whether no cell is in two windows. */
export function areDisjoint({ vertical, horizontal }: PoolShape): boolean {
  return [vertical, horizontal].every(({ kernel, stride }) => kernel <= stride);
}

/** Whether every cell is in exactly one window. */
export function areTiles({ vertical, horizontal }: PoolShape): boolean {
  return [vertical, horizontal].every(
    ({ size, kernel, stride, positions }) => kernel === stride && positions * stride >= size,
  );
}

/** Windows one after the other whose first cell and whose number of cells grow evenly. */
export interface PoolRun {
  readonly positions: number;
  readonly first: number;
  readonly firstStep: number;
  readonly cells: number;
  readonly cellsStep: number;
}

/** At most three: windows that the first edge cuts, that none or both cut, that the last one cuts. */
export function poolRuns({ size, kernel, stride, padBefore, positions }: PoolAxis): PoolRun[] {
  const runs: PoolRun[] = [];
  let kind = "";
  for (let position = 0; position < positions; position++) {
    const from = position * stride - padBefore;
    const first = Math.max(from, 0);
    const cells = Math.min(from + kernel, size) - first;
    const cut = `${from < 0} ${from + kernel > size}`;
    const run = runs.at(-1);
    if (run === undefined || cut !== kind) runs.push({ positions: 1, first, firstStep: 0, cells, cellsStep: 0 });
    else {
      const steps = run.positions > 1 ? {} : { firstStep: first - run.first, cellsStep: cells - run.cells };
      runs[runs.length - 1] = { ...run, ...steps, positions: run.positions + 1 };
    }
    kind = cut;
  }
  return runs;
}
