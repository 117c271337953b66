// A child process: runs the specs that the program in its first argument declares, and sends their results.
import { createRequire } from "node:module";
import process from "node:process";

interface Spec {
  readonly status: string;
  readonly fullName: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}

interface Jasmine {
  getEnv(): {
    configure(settings: { random: boolean; specFilter: (spec: { getFullName(): string }) => boolean }): void;
    addReporter(reporter: { specDone: (spec: Spec) => void }): void;
    execute(): Promise<unknown>;
  };
}

const [, , program, only] = process.argv;
const require = createRequire(import.meta.url);
// oxlint-disable typescript/no-unsafe-type-assertion -- jasmine-core has no types
const { boot } = require("jasmine-core") as { boot: () => Jasmine };
const jasmine = boot().getEnv();

const wanted = new RegExp(only);
jasmine.configure({ random: false, specFilter: (spec) => wanted.test(nameOf(spec.getFullName())) });
const results: Record<string, string> = {};
jasmine.addReporter({
  specDone({ status, fullName, failedExpectations }) {
    if (status !== "passed" && status !== "failed") return;
    // Some names stand more than once.
    let name = nameOf(fullName);
    for (let time = 2; name in results; time++) name = `${nameOf(fullName)} (${time})`;
    results[name] = status === "passed" ? "" : failedExpectations.map(({ message }) => message).join("\n") || "failed";
  },
});
require(program);
await jasmine.execute();
process.send?.(results, () => process.exit());

/** Without the part of the name that is the same everywhere. */
function nameOf(fullName: string): string {
  return fullName.replace(" wasm {}", "");
}
