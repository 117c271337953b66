import { wrap } from "./wrap.ts";

const labelColumns = 10;

/**
 * Lays facts out as labels with their text beside them, wrapped to the terminal.
 *
 * @param columns Infinity where a line may be of any length
 */
export function facts(rows: readonly (readonly [label: string, text: string])[], columns: number): string[] {
  return rows.flatMap(([label, text]) =>
    wrap(text, Math.max(20, columns - labelColumns)).map(
      (line, i) => (i === 0 ? label : "").padEnd(labelColumns) + line,
    ),
  );
}
