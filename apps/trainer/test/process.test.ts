import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { writeTinyDataset } from "./tiny_dataset.ts";
import { failsWithOne, main, runProgram, trainer, trainerThroughPnpm, type Ending } from "./trainer_process.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), "convoy-process-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny")));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const node = (argv: readonly string[], watch?: (out: string, child: ChildProcess) => void) =>
  trainer(argv, { directory: folder, watch });

const pnpm = (argv: readonly string[], watch?: (out: string, child: ChildProcess) => void) =>
  trainerThroughPnpm(argv, { directory: folder, watch });

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

// Through pnpm it is the continuous integration that wants a good end.
test.serial("exits with 0 when all went well, and takes paths from where the user stands", async (t) => {
  const argv = "start --data-dir tiny --run-dir relative --epochs 1 --kernels narrow".split(" ");
  const { exitCode, out, error } = await node(argv);
  t.is(exitCode, 0, error);
  t.regex(out, /Accuracy of the network on the 50 test images/);
  t.true(existsSync(path.join(folder, "relative", "final.safetensors")));
});

// Through pnpm, which makes a 1 of what it does not pass on, the long test has it.
test.serial("exits with 1 through node", async (t) => {
  await failsWithOne(t, node, settings("failed", "1e30"));
});

for (const [name, start] of [
  ["node", node],
  ["pnpm", pnpm],
] as const) {
  test.serial(`exits with 2 through ${name}`, async (t) => {
    const { exitCode, error } = await start(["start", "--epochs", "none"]);
    t.is(exitCode, 2, error);
    t.regex(error, /^OPTION_VALUE: --epochs/m);
  });

  test.serial(`stops at Ctrl-C through ${name}: saves, says where and what next, exits with 130`, async (t) => {
    const runDir = `${name}-stopped`;
    const { exitCode, out, error } = await start(settings(runDir, "0.01", "100000"), once("SIGINT"));
    t.is(exitCode, 130, error);
    t.regex(out, /Stopped by Ctrl-C/);
    t.regex(out, new RegExp(`Weights +.*${runDir}.final\\.safetensors`));
    t.regex(out, new RegExp(`Go on: +pnpm trainer start --resume .*${runDir}\n`));
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

test.serial("stops in the same way when its terminal closes, and goes on by the command that it prints", async (t) => {
  const { exitCode, out } = await node(settings("hung-up", "0.01", "100000"), once("SIGHUP"));
  t.is(exitCode, 129);
  const command = /^Go on: +pnpm trainer (.*)$/m.exec(out)?.[1];
  const resumed = await node([...command!.split(" "), "--epochs", "1"]);
  t.is(resumed.exitCode, 0, resumed.error);
  // It came further than that: the end is written, and nothing else is done.
  t.regex(resumed.out, /Accuracy of the network|whole epochs?/);
});

test.serial("a second process is kept out of the folder of a run, and the run goes on", async (t) => {
  let second: Promise<Ending> | undefined;
  const { exitCode, error } = await node(settings("locked", "0.01", "100000"), (out, child) => {
    if (second !== undefined || !out.includes("epoch")) return;
    second = node(["start", "--resume", path.join(folder, "locked")]);
    void second.then(() => process.kill(-child.pid!, "SIGINT"));
  });
  t.is(exitCode, 130, error);
  const refused = await second!;
  t.is(refused.exitCode, 2);
  t.regex(refused.error, /^RUN_LOCKED: process \d+ of [^\n]+ writes [^\n]+locked\. [^\n]+\n$/);
  t.deepEqual(
    (await readdir(path.join(folder, "locked"))).filter((name) => name.startsWith("lock")),
    [],
  );
});

(process.platform === "win32" ? test.skip : test.serial)(
  "trains to its end where checkpoints do not fit on the disk, and fails because its end is not saved (skipped on Windows)",
  async (t) => {
    // Adam's checkpoints are three times as large as the weights; the limit lies between, in blocks of 512 or 1024 bytes.
    const argv = [main, ...settings("no-room", "0.001", "2"), "--optimizer", "adam"];
    const shell = 'trap "" XFSZ; ulimit -f 1000; exec "$0" "$@"';
    const { exitCode, out, error } = await runProgram("sh", ["-c", shell, process.execPath, ...argv], {
      directory: folder,
    });
    t.is(exitCode, 1, error);
    t.regex(out, /^CHECKPOINT_WRITE: .*EFBIG.*Training goes on, and saving is tried again\.$/m);
    t.regex(out, /Accuracy of the network on the 50 test images/);
    t.regex(error, /^CHECKPOINT_WRITE: [^\n]*EFBIG[^\n]*\n$/);
    t.true(existsSync(path.join(folder, "no-room", "final.safetensors")));
    t.deepEqual(await readdir(path.join(folder, "no-room", "checkpoints")), []);
  },
);

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
    const { exitCode, error } = await runProgram("sh", ["-c", `exec "$0" "$@" > ${full}`, process.execPath, ...argv], {
      directory: folder,
    });
    t.is(exitCode, 1);
    t.regex(error, /^OUTPUT_WRITE: [^\n]*ENOSPC[^\n]*\n$/);
    t.true(existsSync(path.join(folder, "full", "final.safetensors")));
  },
);

test("keeps compiled code beside the program, or where the user wants it", async (t) => {
  const show = `process.on("exit", () => console.error([
    process.getBuiltinModule("module").getCompileCacheDir() ?? "none", process.env.NODE_COMPILE_CACHE].join(" ")));`;
  const argv = ["--import", `data:text/javascript,${encodeURIComponent(show)}`, main, "--version"];
  const cache = async (environment: NodeJS.ProcessEnv): Promise<string[]> =>
    (await runProgram(process.execPath, argv, { directory: folder, variables: environment })).error.trim().split(" ");
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
    const { exitCode, out, error } = await runProgram(process.execPath, argv, { directory: folder });
    t.is(exitCode, isRefused ? 1 : 0, version);
    if (isRefused) t.regex(error, new RegExp(`^NODE_VERSION: Convoy needs Node 24\\.12 or later; this is ${version}`));
    else t.regex(out, /^\d+\.\d+\.\d+\n$/);
  }
});
