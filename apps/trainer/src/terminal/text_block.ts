/** Lines of text of one width. Escape sequences take no room, so the width is not that of the strings. */
export interface TextBlock {
  readonly lines: readonly string[];
  readonly columns: number;
}

const gap = "   ";

/** Puts two blocks next to each other, centered, or below each other when the screen is too narrow for that. */
export function sideBySide(left: TextBlock, right: TextBlock, columns: number): string[] {
  if (left.columns + gap.length + right.columns > columns) return [...left.lines, "", ...right.lines];
  const height = Math.max(left.lines.length, right.lines.length);
  const leftTop = Math.floor((height - left.lines.length) / 2);
  const rightTop = Math.floor((height - right.lines.length) / 2);
  return Array.from({ length: height }, (_, row) => {
    const first = left.lines[row - leftTop] ?? " ".repeat(left.columns);
    const second = right.lines[row - rightTop];
    return second === undefined ? first : first + gap + second;
  });
}
