import type { Row } from "./result.ts";

/**
 * Rows under one header, in columns: text to the left, numbers to the right. Fields that only some rows have stay empty
 * in the others.
 *
 * @example
 * table([{ name: "a", unit: "images/s", median: 1234.5, mad: 2, samples: 9 }])
 * // name  median  MAD  unit      samples
 * // a      1,235    2  images/s        9
 */
export function table(rows: readonly Row[]): string {
  const standard = ["name", "median", "mad", "unit", "samples"];
  const extra = new Set(rows.flatMap((row) => Object.keys(row)).filter((key) => !standard.includes(key)));
  const columns = [...standard, ...extra].map((key) => {
    const cells = rows.map((row) => show(row[key]));
    const title = key === "mad" ? "MAD" : key;
    const width = Math.max(title.length, ...cells.map((cell) => cell.length));
    const numeric = rows.some((row) => typeof row[key] === "number");
    return [title, ...cells].map((cell) => (numeric ? cell.padStart(width) : cell.padEnd(width)));
  });
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    columns
      .map((column) => column[line])
      .join("  ")
      .trimEnd(),
  ).join("\n");
}

/** Whole numbers as they are; others to four digits, but never fewer than their whole part. */
function show(value: string | number | undefined): string {
  if (typeof value !== "number") return value ?? "";
  const digits = Number.isInteger(value) ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(digits, 6) });
}
