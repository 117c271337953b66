/** Some rows of a matrix, and what works on so many. */
export interface RowBlock<Kernel> {
  readonly first: number;
  readonly rows: number;
  readonly kernel: Kernel;
}

/** A whole number of panels of any variant, so that what is packed of so many rows or of their transpose ends with one. */
const panelRows = 16;

/** Bytes of weights that are worked on at once: half of the first-level cache, which is 32 KiB and up. */
const panelBytes = 16 * 1024;

/** Rows of `floats` floats that `bytes` hold: a multiple of `multiple`, at least one. */
export function rowsWithin(bytes: number, floats: number, multiple: number): number {
  return Math.max(1, Math.floor(bytes / Float32Array.BYTES_PER_ELEMENT / floats / multiple)) * multiple;
}

/** Rows of weights that fill whole panels and stay in the first-level cache. */
export function panelRowsInCache(floats: number): number {
  return rowsWithin(panelBytes, floats, panelRows);
}

/**
 * Cuts a matrix into blocks of `atOnce` rows.
 *
 * @param make Called once for whole blocks, and once for the rows that they leave, if any. `suffix`: for the kernel's name.
 */
export function rowBlocks<Kernel>(
  rows: number,
  atOnce: number,
  make: (rows: number, suffix: string) => Kernel,
): RowBlock<Kernel>[] {
  const most = Math.min(atOnce, rows);
  const whole = make(most, "");
  const blocks = Array.from({ length: Math.floor(rows / most) }, (_, i) => ({
    first: i * most,
    rows: most,
    kernel: whole,
  }));
  const left = rows % most;
  if (left > 0) blocks.push({ first: rows - left, rows: left, kernel: make(left, "/rest") });
  return blocks;
}
