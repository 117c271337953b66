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
 * @param rows their cells, one for each column
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...rows].map((row) => columnsOf(row[i]))));
  return [titles, ...rows].map((row) =>
    row
      .map((cell, i) => (columns[i].numeric === true ? padStart(cell, widths[i]) : padEnd(cell, widths[i])))
      .join(gap)
      .trimEnd(),
  );
}
