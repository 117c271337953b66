import process from "node:process";
import test from "ava";
import type { Job } from "./job.ts";
import { PeerProcess } from "./peer_process.ts";
import type { Launch } from "./setups.ts";

const job: Job = {
  network: "tiny",
  batchSize: 1,
  inputShape: [1, 1, 1],
  layers: [],
  parameters: [],
  normalization: { mean: 0, deviation: 1 },
  learningRate: 1,
  momentum: 0,
  setup: {},
  files: { images: "", labels: "", order: "", weights: "" },
  checkEpochs: 0,
  seconds: 1,
};

/** Node in Python's place, with a program given on its command line: the script's path is then no more than an argument. */
function start(program: string): PeerProcess {
  const launch: Launch = { program: "python", script: "x.py", flags: ["-e", program], environment: {}, processes: 1 };
  return new PeerProcess(launch, process.execPath);
}

const answering = (rates: string) => `
  require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
    console.log("a line of the framework's own");
    const { batchSize } = JSON.parse(line);
    console.log(JSON.stringify({ framework: "f", version: "1", batchSize, imagesPerSecond: ${rates}, loss: null }));
  });`;

test("one process answers job after job, and ends when it is closed", async (t) => {
  const peer = start(answering("[batchSize]"));
  t.deepEqual((await peer.ask({ ...job, batchSize: 3 }, 60_000)).imagesPerSecond, [3]);
  t.deepEqual((await peer.ask({ ...job, batchSize: 5 }, 60_000)).imagesPerSecond, [5]);
  await t.notThrowsAsync(peer.close());
});

test("a process that ends is a reason with its last words", async (t) => {
  const peer = start(
    'console.error("Traceback\\nMemoryError: none left"); process.exitCode = 1; process.stdin.destroy();',
  );
  await t.throwsAsync(peer.ask(job, 60_000), {
    name: "PeerError",
    message: "its process ended: MemoryError: none left",
  });
  await peer.close();
});

test("a process that does not answer is given up", async (t) => {
  const peer = start("process.stdin.resume();");
  await t.throwsAsync(peer.ask(job, 300), { name: "PeerError", message: "no answer within 0.3 s" });
  await peer.close();
});

test("a command that there is not is a reason, not a crash", async (t) => {
  const launch: Launch = { program: "python", script: "x.py", flags: [], environment: {}, processes: 1 };
  const peer = new PeerProcess(launch, "/nowhere/python");
  await t.throwsAsync(peer.ask(job, 60_000), { name: "PeerError", message: /ENOENT/ });
  await peer.close();
});
