import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { bundleSpecs, type Kernels } from "./bundle_specs.ts";

/** What each spec failed with, by its name; empty if it passed. */
export type SpecResults = Readonly<Record<string, string>>;

/**
 * Runs tfjs-core's specs in a child process.
 *
 * @param only Text of a regular expression that the names must match; default all
 */
export async function runSpecs(kernels: Kernels, only = ""): Promise<SpecResults> {
  const directory = await mkdtemp(path.join(tmpdir(), "convoy-specs-"));
  try {
    const program = path.join(directory, "specs.cjs");
    await bundleSpecs(kernels, program);
    const child = fork(path.join(import.meta.dirname, "spec_process.ts"), [program, only], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let results: SpecResults | undefined;
    child.on("message", (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sent by spec_process.ts
      results = message as SpecResults;
    });
    const [complaints] = await Promise.all([child.stderr === null ? "" : text(child.stderr), once(child, "exit")]);
    if (results === undefined) throw new Error(`the specs did not run to their end: ${complaints.slice(-2000)}`);
    return results;
  } finally {
    await rm(directory, { recursive: true });
  }
}
