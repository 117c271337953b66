import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { machineKey } from "../src/kernels/machine_key.ts";
import { VerdictCache } from "../src/kernels/verdict_cache.ts";
import { writeTinyDataset } from "./tiny_dataset.ts";

const execute = promisify(execFile);
const main = fileURLToPath(new URL("../main.mjs", import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), "convoy-kernels-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny")));
test.after.always(() => rm(folder, { recursive: true, force: true }));

let runs = 0;

async function start(cache: string, flags: readonly string[], ...options: readonly string[]) {
  const argv = `start --data-dir tiny --batch-size 32 --shards 2 --workers 2 --json --run-dir ${runs++}`.split(" ");
  const env = { ...process.env, INIT_CWD: folder, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
  return execute(process.execPath, [...flags, main, ...argv, ...options], { env, maxBuffer: 2 ** 28 });
}

/** The events of a run, among other lines that V8 may write. */
function eventsOf(out: string): Record<string, unknown>[] {
  const lines = out.split("\n").filter((line) => line.startsWith('{"event"'));
  return lines.map((line) => JSON.parse(line));
}

test.serial("checks the wide kernels once, keeps the verdict, and goes on as it says", async (t) => {
  const cache = path.join(folder, "cache");
  const first = await start(cache, [], "--epochs", "1");
  t.regex(first.stderr, /^Checking, once/m);
  const files = await readdir(path.join(cache, "convoy"));
  t.is(files.length, 1);
  const verdict = await new VerdictCache(path.join(cache, "convoy"), machineKey()).read();
  t.not(verdict, undefined);
  const { kernels } = eventsOf(first.stdout)[0];
  t.is(kernels, verdict!.wide ? "wide" : "narrow");
  const second = await start(cache, [], "--epochs", "1");
  t.notRegex(second.stderr, /Checking/);
  t.is(eventsOf(second.stdout)[0]["kernels"], kernels);
  t.is(eventsOf(second.stdout).at(-1)["weightsSha256"], eventsOf(first.stdout).at(-1)["weightsSha256"]);
});

test.serial(
  "fails with a code, before anything is written, when wide kernels are demanded and must not run",
  async (t) => {
    const cache = path.join(folder, "refused");
    await new VerdictCache(path.join(cache, "convoy"), machineKey()).keep({ wide: false, reason: "the test says so" });
    const before = await readdir(folder);
    const error = await t.throwsAsync<Error & { code: number; stdout: string; stderr: string }>(
      start(cache, [], "--kernels", "wide"),
    );
    t.is(error.code, 1);
    t.regex(error.stderr, /^KERNELS_WIDE: the test says so\. [^\n]+\n$/);
    t.like(eventsOf(error.stdout)[0], { event: "error", code: "KERNELS_WIDE" });
    t.deepEqual(await readdir(folder), before);
    const { stdout, stderr } = await start(cache, [], "--epochs", "1");
    t.is(eventsOf(stdout)[0]["kernels"], "narrow");
    t.regex(stderr, /^Narrow kernels: the test says so\.$/m);
  },
);

// Whether V8 fuses is written in words of its own, which change: they are read where the build runs.
const canTell =
  process.versions.node.startsWith("26.") &&
  process.platform === "linux" &&
  process.arch === "x64" &&
  readFileSync("/proc/cpuinfo", "utf8").includes(" avx2 ");

(canTell ? test.serial : test.skip)("the flag holds for the threads that train", async (t) => {
  const cache = path.join(folder, "flagged");
  await new VerdictCache(path.join(cache, "convoy"), machineKey()).keep({ wide: true });
  const trace = ["--trace-wasm-revectorize", "--wasm-tiering-budget=10000"];
  const wide = await start(cache, trace, "--epochs", "4", "--kernels", "wide");
  t.is(eventsOf(wide.stdout)[0]["kernels"], "wide");
  t.regex(wide.stdout, /Decided to vectorize, [1-9]/);
  const narrow = await start(cache, trace, "--epochs", "4", "--kernels", "narrow");
  t.notRegex(narrow.stdout, /Decided to vectorize/);
});
