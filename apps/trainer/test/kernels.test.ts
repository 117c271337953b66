import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { networkStructure, seedCnn } from "@convoy/core/training";
import { machineKey } from "../src/kernels/machine_key.ts";
import { networkQuestion } from "../src/kernels/question.ts";
import { VerdictCache } from "../src/kernels/verdict_cache.ts";
import { wideFlag } from "../src/kernels/wide_flag.ts";
import { writeTinyDataset } from "./tiny_dataset.ts";

const execute = promisify(execFile);
const main = fileURLToPath(new URL("../main.mjs", import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), "convoy-kernels-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny")));
test.after.always(() => rm(folder, { recursive: true, force: true }));

let runs = 0;

/** Of the trainer, with a folder for verdicts. */
function environment(cache: string): NodeJS.ProcessEnv {
  return { ...process.env, INIT_CWD: folder, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
}

async function trainer(cache: string, flags: readonly string[], argv: readonly string[]) {
  return execute(process.execPath, [...flags, main, ...argv], { env: environment(cache), maxBuffer: 2 ** 28 });
}

function startArguments(...options: readonly string[]): string[] {
  const argv = `start --data-dir tiny --batch-size 32 --shards 2 --workers 2 --json --run-dir ${runs++}`.split(" ");
  return [...argv, ...options];
}

async function start(cache: string, flags: readonly string[], ...options: readonly string[]) {
  return trainer(cache, flags, startArguments(...options));
}

/** What a child writes, V8's trace among it. Into a file: Node keeps a pipe from blocking, and V8 loses lines when it is full. */
async function traced(argv: readonly string[], env: NodeJS.ProcessEnv, input = ""): Promise<string> {
  const file = path.join(folder, `trace-${runs++}`);
  const output = await open(file, "w");
  const child = spawn(process.execPath, argv, { env, stdio: ["pipe", output.fd, output.fd] });
  child.stdin!.end(input);
  const [code] = await once(child, "close");
  await output.close();
  const text = await readFile(file, "utf8");
  if (code !== 0) throw new Error(`a child ended with ${code}: ${text.slice(-1000)}`);
  return text;
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
  const verdict = await new VerdictCache(path.join(cache, "convoy"), machineKey()).read();
  t.not(verdict, undefined);
  // Of a machine that is not fit no network is asked.
  t.is((await readdir(path.join(cache, "convoy"))).length, verdict!.wide ? 2 : 1);
  const { kernels } = eventsOf(first.stdout)[0];
  t.is(kernels, verdict!.wide ? "wide" : "narrow", first.stderr);
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
    // A run goes on with the kernels that it began with, whatever a later check says.
    const better = path.join(folder, "better");
    await new VerdictCache(path.join(better, "convoy"), machineKey()).keep({ wide: true });
    const resumed = await trainer(better, [], ["start", "--resume", String(runs - 1), "--epochs", "2", "--json"]);
    t.is(eventsOf(resumed.stdout)[0]["kernels"], "narrow");
    t.is(eventsOf(resumed.stdout).at(-1)["epochs"], 2);
  },
);

const posix = process.platform === "win32" ? test.skip : test;
posix(
  "without a handle for a child process, narrow kernels train, and no verdict is kept (skipped on Windows)",
  async (t) => {
    const cache = path.join(folder, "handles");
    const program = fileURLToPath(new URL("check_without_handles.ts", import.meta.url));
    const limited = ["-c", 'ulimit -n 64; exec "$@"', "sh", process.execPath, program, cache];
    const { stdout } = await execute("sh", limited);
    const { kernels, lines }: { kernels: string; lines: string[] } = JSON.parse(stdout);
    t.is(kernels, "narrow");
    t.regex(lines.at(-1), /^Narrow kernels: the check of the wide kernels could not run: .*EMFILE/);
    t.deepEqual(await readdir(cache).catch(() => []), []);
  },
);

test.serial("profile asks as start does, once for each network on a machine that is fit", async (t) => {
  const cache = path.join(folder, "networks");
  await new VerdictCache(path.join(cache, "convoy"), machineKey()).keep({ wide: true });
  const profile = "profile --data-dir tiny --batch-size 16 --steps 3 --workers 1 --json --model fast".split(" ");
  const profiled = await trainer(cache, [], profile);
  t.regex(profiled.stderr, /^Checking, once for this network, [^\n]+\n(?!Checking)/m);
  t.is((await readdir(path.join(cache, "convoy"))).length, 2);
  const again = await start(cache, [], "--epochs", "1", "--model", "fast", "--seed", "3");
  t.notRegex(again.stderr, /Checking/);
  t.is(eventsOf(again.stdout)[0]["kernels"], "wide", again.stderr);
  t.is((await readdir(path.join(cache, "convoy"))).length, 2);
});

/** Why this machine cannot tell, if it cannot. */
function obstacle(): string | undefined {
  // What V8 does is written in words of its own, which change: they are read where the build runs.
  if (!process.versions.node.startsWith("26.")) return `Node ${process.versions.node} is not 26`;
  if (process.arch !== "x64") return `${process.arch} has no AVX2`;
  if (process.platform !== "linux") return "only Linux says simply whether there is AVX2";
  return readFileSync("/proc/cpuinfo", "utf8").includes(" avx2 ") ? undefined : "this processor has no AVX2";
}

const reason = obstacle();
const tell = reason === undefined ? test.serial : test.skip;
const notTold = reason === undefined ? "" : ` (not told here: ${reason})`;

tell(`the flag holds for the threads that train${notTold}`, async (t) => {
  const cache = path.join(folder, "flagged");
  await new VerdictCache(path.join(cache, "convoy"), machineKey()).keep({ wide: true });
  // In threads of its own the compiler could be late for so few steps.
  const trace = ["--trace-wasm-revectorize", "--wasm-tiering-budget=1000", "--wasm-sync-tier-up"];
  const run = async (...options: readonly string[]): Promise<string> => {
    return traced([...trace, main, ...startArguments(...options)], environment(cache));
  };
  const wide = await run("--epochs", "12", "--kernels", "wide");
  t.is(eventsOf(wide)[0]["kernels"], "wide");
  t.regex(wide, /Decided to vectorize, [1-9]/);
  const narrow = await run("--epochs", "4", "--kernels", "narrow");
  t.is(eventsOf(narrow)[0]["kernels"], "narrow");
  t.notRegex(narrow, /Decided to vectorize/);
});

/** The functions of each WebAssembly module that V8 says it optimized in a child that checks the seed network. */
async function optimizedInChild(): Promise<ReadonlySet<number>[]> {
  const { flags, program, input } = networkQuestion(networkStructure(seedCnn().toJSON()));
  const trace = "--trace-wasm-compilation-times";
  const stdout = await traced([wideFlag, ...flags, trace, program], process.env, input);
  if (!/\{"differences":\[\]\}/.test(stdout)) throw new Error("the child did not find the kernels right");
  const optimized = new Map<string, Set<number>>();
  for (const [, module, index] of stdout.matchAll(/Compiled function (0x[0-9a-f]+)#(\d+) using TurboFan/g)) {
    optimized.set(module, (optimized.get(module) ?? new Set()).add(Number(index)));
  }
  return [...optimized.values()];
}

tell(`the child has all of a network's own kernels optimized under the flag${notTold}`, async (t) => {
  // Two convolutions, the first without an input gradient, and two dense layers, the first of which has a kernel more: for the
  // rows of its weight gradient that whole blocks leave.
  const kernels = Array.from({ length: 3 * 4 - 1 + 1 }, (_, i) => i);
  const modules = await optimizedInChild();
  const seen = modules.filter((set) => set.size < 50).map((set) => [...set].join(" "));
  t.true(
    modules.some((set) => set.size === kernels.length && kernels.every((i) => set.has(i))),
    seen.join("\n"),
  );
});
