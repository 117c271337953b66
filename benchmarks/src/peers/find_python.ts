import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { modules, type Setup } from "./setups.ts";

export const scriptsFolder: string = path.join(import.meta.dirname, "..", "..", "peers");

/** What a Python can run, or why there is none. */
export type Python =
  | { readonly command: string; readonly modules: readonly string[]; readonly compiler: boolean }
  | { readonly missing: string };

const advice =
  "python3 -m venv benchmarks/peers/.venv && benchmarks/peers/.venv/bin/pip install torch jax tensorflow-cpu";

/** The Python of CONVOY_PEERS_PYTHON, else that of benchmarks/peers/.venv. */
export async function findPython(environment: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const given = environment["CONVOY_PEERS_PYTHON"];
  const own = path.join(
    scriptsFolder,
    ".venv",
    ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
  );
  const command = given === undefined || given === "" ? own : given;
  if (command === own && !existsSync(own)) return { missing: `there is no Python with it; make one: ${advice}` };
  try {
    const { stdout } = await promisify(execFile)(command, [path.join(scriptsFolder, "probe.py")], { timeout: 60_000 });
    const found: { modules: string[]; compiler: boolean } = JSON.parse(stdout);
    return { command, ...found };
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
    return { missing: `${command} does not run: ${why}` };
  }
}

/** Why a set-up cannot run here; undefined when it can. */
export function reasonToSkip(setup: Setup, python: Python): string | undefined {
  if (setup.launch.program === "node") return undefined;
  if ("missing" in python) return python.missing;
  const module = modules[setup.peer];
  if (module !== undefined && !python.modules.includes(module)) {
    return `${module} is not installed; ${python.command} -m pip install ${module === "tensorflow" ? "tensorflow-cpu" : module}`;
  }
  if (setup.compiles && !python.compiler) return "there is no C++ compiler";
  return undefined;
}
