import { printableLine } from "@convoy/core/training";

const most = 240;

/** A file or folder on a line for people: without what a terminal would obey. Of a very long path both ends are shown. */
export function shownName(name: string): string {
  return printableLine(name.length > most ? `${name.slice(0, 100)}...${name.slice(name.length - most + 103)}` : name);
}
