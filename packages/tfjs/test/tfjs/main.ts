// `pnpm test:tfjs`: tfjs-core's own specs on its backend 'wasm', without and with our kernels. All of them run. What
// fails with our kernels must be what expected_failures.json says, with its reason.
import process from "node:process";
import { compareSpecs } from "./compare_specs.ts";
import { readExpectedFailures } from "./expected_failures.ts";
import { runSpecs, type SpecResults } from "./run_specs.ts";

const [stock, mended] = [await runSpecs("stock"), await runSpecs("mended")];
console.log(`stock:  ${count(stock)}`);
console.log(`mended: ${count(mended)}`);
const expected = readExpectedFailures();
for (const { reason, specs } of expected) console.log(`  ${String(specs.length).padStart(4)} ${reason}`);
const lines = compareSpecs(mended, stock, expected);
for (const line of lines) console.error(line);
if (lines.length > 0) {
  console.error(`${lines.length} specs are not as test/tfjs/expected_failures.json says.`);
  process.exitCode = 1;
}

function count(results: SpecResults): string {
  const all = Object.values(results);
  const passed = all.filter((failure) => failure === "").length;
  return `${passed.toLocaleString("en")} passed, ${(all.length - passed).toLocaleString("en")} failed`;
}
