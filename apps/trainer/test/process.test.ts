import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { writeTinyDataset } from "./tiny_dataset.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const main = path.join(root, "apps", "trainer", "main.mjs");
const folder = await mkdtemp(path.join(tmpdir(), "convoy-process-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny")));
test.after.always(() => rm(folder, { recursive: true, force: true }));

interface Ending {
  /** What a shell would see: 128 + the number of a signal that ended it. */
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

const signals: Readonly<Record<string, number>> = { SIGINT: 2, SIGTERM: 15 };

/** Runs a program in a process group of its own, as a terminal does; `watch` sees its output grow. */
function runProgram(
  command: string,
  argv: readonly string[],
  watch: (out: string, child: ChildProcess) => void = () => {},
  variables: NodeJS.ProcessEnv = {},
): Promise<Ending> {
  const environment = { ...process.env, INIT_CWD: folder, NO_COLOR: "1", FORCE_COLOR: undefined, ...variables };
  const child = spawn(command, argv, {
    cwd: root,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    watch(out, child);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    error += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ exitCode: code ?? 128 + signals[signal ?? ""], out, error });
    });
  });
}

const node = (argv: readonly string[], watch?: (out: string, child: ChildProcess) => void) =>
  runProgram(process.execPath, [main, ...argv], watch);

// pnpm sets INIT_CWD itself, to where it is started, so paths are given in full.
const pnpm = (argv: readonly string[], watch?: (out: string, child: ChildProcess) => void) =>
  runProgram("npx", ["-y", "pnpm@12", "--silent", "trainer", ...argv], watch);

function settings(runDir: string, learningRate = "0.01", epochs = "1"): string[] {
  const options = {
    "--data-dir": path.join(folder, "tiny"),
    "--run-dir": path.join(folder, runDir),
    "--epochs": epochs,
    "--kernels": "narrow",
  };
  return ["start", ...Object.entries({ ...options, "--learning-rate": learningRate, "--batch-size": "8" }).flat()];
}

/** Sends a signal once, to all of the group, as soon as the first epoch is over. */
function once(signal: NodeJS.Signals): (out: string, child: ChildProcess) => void {
  let sent = false;
  return (out, child) => {
    if (sent || !out.includes("epoch")) return;
    sent = true;
    process.kill(-child.pid!, signal);
  };
}

for (const [name, start] of [
  ["node", node],
  ["pnpm", pnpm],
] as const) {
  test.serial(`exits with 0, 1 and 2 through ${name}`, async (t) => {
    const good = await start(settings(`${name}-good`));
    t.is(good.exitCode, 0, good.error);
    t.regex(good.out, /Accuracy of the network on the 50 test images/);
    const failed = await start([...settings(`${name}-failed`, "1e30"), "--quiet"]);
    t.is(failed.exitCode, 1, failed.error);
    t.regex(failed.error, /^NONFINITE_LOSS: /m);
    t.notRegex(failed.error, /^ {4}at /m);
    const refused = await start(["start", "--epochs", "none"]);
    t.is(refused.exitCode, 2, refused.error);
    t.regex(refused.error, /^OPTION_VALUE: --epochs/m);
  });

  test.serial(`stops at Ctrl-C through ${name}: saves, says where and what next, exits with 130`, async (t) => {
    const runDir = `${name}-stopped`;
    const { exitCode, out, error } = await start(settings(runDir, "0.01", "100000"), once("SIGINT"));
    t.is(exitCode, 130, error);
    t.regex(out, /Stopped by Ctrl-C/);
    t.regex(out, new RegExp(`Weights +.*${runDir}.weights\\.safetensors`));
    t.regex(out, /Try them: pnpm trainer evaluate/);
    t.true(existsSync(path.join(folder, runDir, "final.safetensors")));
  });
}

test.serial("stops at a termination signal in the same way, and exits with 143", async (t) => {
  const { exitCode, out } = await node(settings("terminated", "0.01", "100000"), once("SIGTERM"));
  t.is(exitCode, 143);
  t.regex(out, /Stopped by a termination signal/);
  t.true(existsSync(path.join(folder, "terminated", "final.safetensors")));
});

test.serial("ends in peace, and saves, when nobody reads its output any more", async (t) => {
  const { exitCode, error } = await node(settings("unread", "0.01", "100000"), (out, child) => {
    if (out.includes("epoch")) child.stdout?.destroy();
  });
  t.is(exitCode, 0, error);
  t.is(error, "");
  const record = JSON.parse(await readFile(path.join(folder, "unread", "run.json"), "utf8"));
  t.true(record.result.aborted);
});

const full = "/dev/full";
(existsSync(full) ? test : test.skip)(
  "says so, saves and fails when its output goes to a full disk (skipped without /dev/full)",
  async (t) => {
    const argv = [main, ...settings("full", "0.01", "100000"), "--json", "--quiet"];
    const { exitCode, error } = await runProgram("sh", ["-c", `exec "$0" "$@" > ${full}`, process.execPath, ...argv]);
    t.is(exitCode, 1);
    t.regex(error, /^OUTPUT_WRITE: [^\n]*ENOSPC[^\n]*\n$/);
    t.true(existsSync(path.join(folder, "full", "final.safetensors")));
  },
);

test("takes paths from where the user stands, not from where pnpm starts it", async (t) => {
  const argv = "start --data-dir tiny --run-dir relative --epochs 1 --kernels narrow --quiet".split(" ");
  const { exitCode, error } = await node(argv);
  t.is(exitCode, 0, error);
  t.true(existsSync(path.join(folder, "relative", "final.safetensors")));
});

test("keeps compiled code beside the program, or where the user wants it", async (t) => {
  const show = `process.on("exit", () => console.error([
    process.getBuiltinModule("module").getCompileCacheDir() ?? "none", process.env.NODE_COMPILE_CACHE].join(" ")));`;
  const argv = ["--import", `data:text/javascript,${encodeURIComponent(show)}`, main, "--version"];
  const cache = async (environment: NodeJS.ProcessEnv): Promise<string[]> =>
    (await runProgram(process.execPath, argv, undefined, environment)).error.trim().split(" ");
  const standard = path.join(root, "apps", "trainer", "node_modules", ".cache", "node");
  const [used, told] = await cache({ NODE_COMPILE_CACHE: undefined });
  t.is(told, standard);
  t.is(path.dirname(used), standard);
  const chosen = path.join(folder, "compiled");
  t.is(path.dirname((await cache({ NODE_COMPILE_CACHE: chosen }))[0]), chosen);
  t.is((await cache({ NODE_DISABLE_COMPILE_CACHE: "1" }))[0], "none");
});

test("tells an old Node what is missing, before it reads any TypeScript", async (t) => {
  for (const [version, isRefused] of [
    ["18.0.0", true],
    ["20.20.2", true],
    ["24.11.1", true],
    ["24.12.0", false],
    ["26.0.0", false],
  ] as const) {
    const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
    const argv = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, main, "--version"];
    const { exitCode, out, error } = await runProgram(process.execPath, argv);
    t.is(exitCode, isRefused ? 1 : 0, version);
    if (isRefused) t.regex(error, new RegExp(`^NODE_VERSION: Convoy needs Node 24\\.12 or later; this is ${version}`));
    else t.regex(out, /^\d+\.\d+\.\d+\n$/);
  }
});
