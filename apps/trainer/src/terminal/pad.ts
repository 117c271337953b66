import stringWidth from "string-width";

/** Columns that text takes on a terminal, where 猫 takes two and an é of two characters takes one. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

export function padEnd(text: string, columns: number): string {
  return text + blanks(text, columns);
}

export function padStart(text: string, columns: number): string {
  return blanks(text, columns) + text;
}

function blanks(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - columnsOf(text)));
}
