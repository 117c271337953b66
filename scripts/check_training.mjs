// Checks the events of a short training run: every line is JSON, it ends well, and it has learned.
// Usage: pnpm --silent trainer start --epochs 1 --json | node scripts/check_training.mjs
import { createInterface } from "node:readline";

const LOWEST_ACCURACY = 0.85; // PyTorch has 0.915 after one epoch of the same program

let end;
let lines = 0;
for await (const line of createInterface({ input: process.stdin })) {
  lines++;
  try {
    const event = JSON.parse(line);
    if (event.event !== "step") console.log(line);
    if (event.event === "end") end = event;
  } catch {
    fail(`line ${lines} is not JSON: ${line}`);
  }
}
if (end === undefined) fail(`no end event in ${lines} lines.`);
else {
  if (!(end.testAccuracy > LOWEST_ACCURACY))
    fail(`test accuracy is ${end.testAccuracy}, expected above ${LOWEST_ACCURACY}.`);
  if (!/^[0-9a-f]{64}$/.test(end.weightsSha256))
    fail(`weightsSha256 is ${end.weightsSha256}, expected 64 hexadecimal digits.`);
}

function fail(message) {
  console.error(`Training run: ${message}`);
  process.exitCode = 1;
}
