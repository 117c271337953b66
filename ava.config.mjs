import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folders = ["test", "apps", "benchmarks", "packages"];

/** Tests of the whole take longest: they begin, so that none is left alone at the end. */
function rank(file) {
  return folders.indexOf(path.relative(import.meta.dirname, file).split(path.sep)[0]);
}

export default {
  files: [
    "packages/**/*.test.ts",
    "apps/**/*.test.ts",
    "benchmarks/**/*.test.ts",
    "test/**/*.test.ts",
    "!**/*.long.test.ts",
    "!**/dist/**",
  ],
  extensions: ["ts"],
  timeout: "2m",
  // One file more than cores: tests of faults, signals and locks wait much.
  concurrency: availableParallelism() + 1,
  sortTestFiles: (a, b) => rank(a) - rank(b) || a.localeCompare(b),
  // Each file is a thread of its own and starts others: to compile tfjs anew in all of them takes a third of the time.
  environmentVariables: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/node", import.meta.url)) },
};
