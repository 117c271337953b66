import { printableLine } from "@convoy/core/training";
import { wrap } from "./wrap.ts";

const labelColumns = 10;

/**
 * Lays facts out as labels with their text beside them, wrapped to the terminal, which must not obey what stands in them.
 *
 * @param columns Infinity where a line may be of any length
 */
export function facts(rows: readonly (readonly [label: string, text: string])[], columns: number): string[] {
  return rows.flatMap(([label, text]) =>
    wrap(printableLine(text), Math.max(20, columns - labelColumns)).map(
      (line, i) => (i === 0 ? label : "").padEnd(labelColumns) + line,
    ),
  );
}
