// Passes TAP from standard input through, and closes with AVA's own totals as one line: `N passed, N failed`.
// Usage: ava --tap | node scripts/tap_summary.mjs
// The totals are read from AVA's comments, not counted from `ok` lines: titles are not escaped there, so a failing test
// named "x # SKIP" would read as skipped. AVA counts tests marked as todo among the failed, and here they are failures.
import { createInterface } from "node:readline";

const totals = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const total = /^# (pass|fail|skip) (\d+)$/.exec(line);
  if (total !== null) totals.set(total[1], Number(total[2]));
  console.log(line);
}
const passed = totals.get("pass");
const failed = totals.get("fail");
if (passed === undefined || failed === undefined) {
  console.error("AVA ended without its totals.");
  process.exitCode = 1;
} else {
  if (totals.get("skip") > 0) console.log(`${totals.get("skip")} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
