// A process of its own, which runs under V8's flag and may be ended by it. Says what it found in one line of JSON.
import process from "node:process";
import { verifyKernels } from "@convoy/core/verify";
import { partsLine } from "./parts.ts";
import { speedRatio } from "./speed_ratio.ts";

// A notice to the whole job is none to this process.
for (const notice of ["SIGUSR1", "SIGUSR2"]) process.on(notice, () => {});

// The speed is a part as well.
let last = 0;
const differences = await verifyKernels("wide", undefined, (done, parts) => {
  process.stdout.write(partsLine(done, parts + 1));
  last = parts;
});
process.stdout.write(partsLine(last, last + 1));
const ratio = differences.length === 0 ? await speedRatio() : undefined;
process.stdout.write(`${JSON.stringify({ differences, ratio })}\n`);
