import { existsSync } from "node:fs";
import { ParallelError } from "../errors.ts";

/** What the threads run: training of a network of ours or its tape, or of a compiled tfjs-layers model; or predictions. */
export type Program = "worker" | "compiled" | "predict";

const programs: Readonly<Record<Program, string>> = {
  worker: "../worker/worker",
  compiled: "../compiled/worker",
  predict: "../predict/worker",
};

/**
 * Where a program for threads lies, seen from this file: the same from src/ and from dist/.
 *
 * @param here this file, which a bundler may have put into another; a bundle in CommonJS has no address of its own
 * @throws `BUNDLED` when the program is not there
 */
export function programUrl(program: Program, here: string = import.meta.url): string {
  const extension = /\/pool\/program_url(\.[jt]s)$/.exec(here ?? "")?.[1];
  if (extension !== undefined) {
    const url = new URL(`${programs[program]}${extension}`, here);
    if (existsSync(url)) return url.href;
  }
  throw new ParallelError(
    "BUNDLED",
    "fit starts threads from files of @convoy/parallel, which this bundle does not hold. Leave @convoy/core, @convoy/parallel " +
      "and @tensorflow/* outside of it, and install them where it runs: esbuild --packages=external, externals of webpack, " +
      "external of Rollup, ssr.external of Vite.",
  );
}
