import type { ExpectedFailures } from "./expected_failures.ts";
import type { SpecResults } from "./run_specs.ts";

/**
 * What is not as the list of expected failures says, one line each: a spec that fails with our kernels and is not listed,
 * one that is listed and does not fail, and one that only our kernels fail, unless it pins a wrong gradient.
 */
export function compareSpecs(
  mended: SpecResults,
  stock: SpecResults,
  expected: readonly ExpectedFailures[],
): readonly string[] {
  const listed = new Map(expected.flatMap((entry) => entry.specs.map((name) => [name, entry] as const)));
  const lines: string[] = [];
  for (const [name, failure] of Object.entries(mended)) {
    if (failure === "") continue;
    const entry = listed.get(name);
    if (entry === undefined) lines.push(`fails, and is not listed: ${name}: ${failure.split("\n")[0]}`);
    else if (stock[name] === "" && (entry.proof === undefined || !/\bgrad/.test(name)))
      lines.push(`passes with tfjs's own kernels: ${name}`);
  }
  for (const name of listed.keys()) {
    if (!(name in mended)) lines.push(`is listed, but did not run: ${name}`);
    else if (mended[name] === "") lines.push(`is listed, but passes: ${name}`);
  }
  return lines;
}
