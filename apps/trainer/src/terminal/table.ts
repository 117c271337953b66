import { printableLine } from "@convoy/core/training";
import { columnsOf, padEnd, padStart } from "./pad.ts";

/** A column of a table: numbers go to the right, text to the left. */
export interface Column {
  readonly title: string;
  readonly numeric?: boolean;
}

const gap = "  ";

/**
 * Lays rows out in columns under their titles.
 *
 * @param cells of each row, one for each column; what a terminal would obey is shown instead
 */
export function table(columns: readonly Column[], cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(printableLine));
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...rows].map((row) => columnsOf(row[i]))));
  return [titles, ...rows].map((row) =>
    row
      .map((cell, i) => (columns[i].numeric === true ? padStart(cell, widths[i]) : padEnd(cell, widths[i])))
      .join(gap)
      .trimEnd(),
  );
}
