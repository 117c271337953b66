import process from "node:process";

/** npx keeps what it fetched in a folder of this name. */
const fetched = /[\\/]_npx[\\/]/;

/** What this program is started with, for its help and for the commands that it proposes. */
export const programName: string = nameOf(import.meta.url, process.argv[1] ?? "", process.env["npm_execpath"] ?? "");

/**
 * @param here a file of this program: in the repository it runs from its sources
 * @param started the file that Node was started with
 * @param manager the package manager that started Node: whoever has pnpm from npx alone needs npx for the next command too
 */
export function nameOf(here: string, started: string, manager: string): string {
  if (!here.endsWith(".ts")) return fetched.test(started) ? "npx @convoy/trainer" : "convoy";
  return started.endsWith("main.mjs") && fetched.test(manager) ? "npx -y pnpm@12 trainer" : "pnpm trainer";
}
