// A process of its own, which runs under V8's flag and may be ended by it. Says what it found in one line of JSON.
import process from "node:process";
import { verifyKernels } from "@convoy/core/verify";
import { speedRatio } from "./speed_ratio.ts";

// A notice to the whole job is none to this process.
for (const notice of ["SIGUSR1", "SIGUSR2"]) process.on(notice, () => {});

const differences = await verifyKernels("wide");
const ratio = differences.length === 0 ? await speedRatio() : undefined;
process.stdout.write(`${JSON.stringify({ differences, ratio })}\n`);
