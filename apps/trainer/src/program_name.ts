import process from "node:process";

/** What this program is started with, for its help and for the commands that it proposes. */
export const programName: string = nameOf(import.meta.url, process.argv[1] ?? "");

/**
 * @param here a file of this program: in the repository it runs from its sources
 * @param started the file that Node was started with; npx keeps what it fetched in a folder of that name
 */
export function nameOf(here: string, started: string): string {
  if (here.endsWith(".ts")) return "pnpm trainer";
  return /[\\/]_npx[\\/]/.test(started) ? "npx @convoy/trainer" : "convoy";
}
