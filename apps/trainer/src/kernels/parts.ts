/** How far a check is: so many of its parts are done. */
export interface Parts {
  readonly done: number;
  readonly parts: number;
}

/** The line by which the process of a check says how far it is. */
export function partsLine(done: number, parts: number): string {
  return `${JSON.stringify({ done, parts } satisfies Parts)}\n`;
}

/** @returns nothing for another line */
export function parseParts(line: string): Parts | undefined {
  const match = /^\{"done":(\d{1,4}),"parts":(\d{1,4})\}$/.exec(line);
  return match === null ? undefined : { done: Number(match[1]), parts: Number(match[2]) };
}
