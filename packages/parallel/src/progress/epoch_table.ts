import type { EpochField } from "./epoch_fields.ts";

const gap = "  ";

/**
 * One epoch a row, under a head that is drawn before the first row, and again where the window got another width. What does
 * not fit is left out, the least missed first.
 */
export class EpochTable {
  #drawn: string | undefined;

  /**
   * @param columns of the terminal
   * @returns the row, with the head above it where that is to be drawn
   */
  rows(fields: readonly EpochField[], columns: number): string[] {
    const shown = fitting(fields, columns);
    const head = shown.map((field) => field.title.padStart(widthOf(field))).join(gap);
    const row = shown.map((field) => field.text.padStart(widthOf(field))).join(gap);
    const isNew = head !== this.#drawn;
    this.#drawn = head;
    return isNew ? [head, row] : [row];
  }
}

/** An epoch where there is no terminal: a line that is understood by itself. */
export function plainEpoch(fields: readonly EpochField[]): string {
  return fields.flatMap(({ plain }) => plain ?? []).join(gap);
}

function fitting(fields: readonly EpochField[], columns: number): readonly EpochField[] {
  const width = fields.reduce((sum, field) => sum + gap.length + widthOf(field), -gap.length);
  if (width <= columns || fields.length === 1) return fields;
  const least = Math.min(...fields.map(({ missed }) => missed));
  return fitting(
    fields.filter(({ missed }) => missed > least),
    columns,
  );
}

function widthOf({ title, text, width }: EpochField): number {
  return Math.max(title.length, text.length, width);
}
