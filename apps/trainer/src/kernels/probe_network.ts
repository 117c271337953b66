// A process of its own, which runs under V8's flags and may be ended by them. Reads the network as JSON from its standard
// input, and says what it found in one line of JSON.
import process from "node:process";
import { json } from "node:stream/consumers";
import type { SequentialConfig } from "@convoy/core/training";
import { verifyNetwork } from "@convoy/core/verify";
import { partsLine } from "./parts.ts";

// A notice to the whole job is none to this process.
for (const notice of ["SIGUSR1", "SIGUSR2"]) process.on(notice, () => {});

// Whatever it is, the network's constructor checks it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const network = (await json(process.stdin)) as SequentialConfig;
const onPart = (done: number, parts: number): void => void process.stdout.write(partsLine(done, parts));
const differences = await verifyNetwork(network, "wide", undefined, onPart);
process.stdout.write(`${JSON.stringify({ differences })}\n`);
