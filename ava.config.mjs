import { fileURLToPath } from "node:url";

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
  // Each file is a thread of its own and starts others: to compile tfjs anew in all of them takes a third of the time.
  environmentVariables: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/node", import.meta.url)) },
};
