/** Some rows of a matrix, and what works on so many. */
export interface RowBlock<Kernel> {
  readonly first: number;
  readonly rows: number;
  readonly kernel: Kernel;
}

/** Rows of `floats` floats that `bytes` hold: a multiple of `multiple`, at least one. */
export function rowsWithin(bytes: number, floats: number, multiple: number): number {
  return Math.max(1, Math.floor(bytes / Float32Array.BYTES_PER_ELEMENT / floats / multiple)) * multiple;
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
