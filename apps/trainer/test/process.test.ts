import { spawnSync, type ChildProcess } from "node:child_process";
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
  // A test run that outlives its own terminal must not make this one do so.
  trainer(argv, { directory: folder, watch, variables: { _: undefined } });

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

for (const [name, start, called] of [
  ["node", node, "pnpm trainer"],
  ["pnpm", pnpm, "npx -y pnpm@12 trainer"],
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
    t.regex(out, new RegExp(`Go on: +${called} start --resume .*${runDir}\n`));
    t.true(out.includes(`Try them: ${called} evaluate`));
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

const onUnix = process.platform === "win32" ? test.skip : test;
const onUnixSerial = process.platform === "win32" ? test.skip : test.serial;

/** Runs the trainer behind a line of shell, in which "$@" is its command. */
const behind = (shell: string, argv: readonly string[], watch?: (out: string, child: ChildProcess) => void) =>
  runProgram("sh", ["-c", shell, "sh", process.execPath, main, ...argv], { directory: folder, watch });

const full = "/dev/full";
const onFull = existsSync(full) ? test : test.skip;
onFull("says so, saves and fails when its output goes to a full disk (skipped without /dev/full)", async (t) => {
  const argv = [...settings("full", "0.01", "100000"), "--json", "--quiet"];
  const { exitCode, error } = await behind(`exec "$@" > ${full}`, argv);
  t.is(exitCode, 1);
  t.regex(error, /^OUTPUT_WRITE: [^\n]*ENOSPC[^\n]*\n$/);
  t.true(existsSync(path.join(folder, "full", "final.safetensors")));
});

onFull(
  "every command fails whose output cannot be written, however short it is (skipped without /dev/full)",
  async (t) => {
    const commands = ["--version", "--help", "help start", "summary", "summary --json", "doctor --help"];
    const endings = await Promise.all(commands.map((command) => behind(`exec "$@" > ${full}`, command.split(" "))));
    for (const [i, { exitCode, error }] of endings.entries()) {
      t.is(exitCode, 1, commands[i]);
      t.regex(error, /^OUTPUT_WRITE: [^\n]*ENOSPC[^\n]*\n$/, commands[i]);
    }
    const unheard = await behind(`exec "$@" 2> ${full}`, ["summary", "--nonsense"]);
    t.is(unheard.exitCode, 1);
  },
);

onUnix("an output of which a full disk takes only a part is not said to be written (skipped on Windows)", async (t) => {
  // The limit is in blocks of 512 or 1024 bytes, and the help is longer.
  const limit = `trap "" XFSZ; ulimit -f 1; exec "$@" > ${path.join(folder, "cut")}`;
  const { exitCode, error } = await behind(limit, ["start", "--help"]);
  t.is(exitCode, 1);
  t.regex(error, /^OUTPUT_WRITE: [^\n]*EFBIG[^\n]*\n$/);
});

for (const signal of ["SIGUSR1", "SIGUSR2"] as const) {
  onUnixSerial(`saves at ${signal}, says so, and trains on (skipped on Windows)`, async (t) => {
    const name = `noticed-${signal}`;
    const rhythm = ["--checkpoint-every", "1000000epochs", "--json"];
    let isSent = false;
    let saved: string | undefined;
    const watch = (out: string, child: ChildProcess): void => {
      if (!isSent && out.includes('"event":"evaluation"')) {
        isSent = true;
        child.kill(signal);
      }
      saved ??= out.split("\n").find((line) => line.includes(`"savedFor":"${signal}"`));
      // It goes on: there is another epoch after it, and then it is killed, as a job whose time is over.
      if (saved !== undefined && out.slice(out.indexOf(saved)).includes('"event":"evaluation"')) child.kill("SIGKILL");
    };
    const { exitCode, error } = await node([...settings(name, "0.01", "100000"), ...rhythm], watch);
    t.is(exitCode, 137, error);
    const { step } = JSON.parse(saved!);
    t.true(step > 0);
    t.regex(error, new RegExp(`^Saved at ${signal}, after step ${step}$`, "m"));
    t.notRegex(error, /Debugger/);
    const resumed = await node(["start", "--resume", name, "--json", "--epochs", String(Math.ceil(step / 25) + 1)]);
    t.is(resumed.exitCode, 0, resumed.error);
    t.is(JSON.parse(resumed.out.split("\n")[0]).resumedFrom.step, step);
  });
}

onUnix("opens no port for a debugger, and lives on, whatever it does at a notice (skipped on Windows)", async (t) => {
  const script = `process.stdin.on("data", () => process.exit()); process.argv[2] = "--version";
    const show = () => import("node:inspector").then(({ url }) => process.stdout.write("port " + url() + "\\n"));
    setInterval(show, 20);`;
  const load = `data:text/javascript,${encodeURIComponent(script)}`;
  let sent = 0;
  const { exitCode, out, error } = await runProgram(process.execPath, ["--import", load, main, "--version"], {
    directory: folder,
    watch: (text, child) => {
      if (!/^\d/m.test(text)) return;
      if (sent < 2) child.kill((["SIGUSR1", "SIGUSR2"] as const)[sent++]);
      else if (text.split("port ").length > 12) child.kill("SIGKILL");
    },
  });
  t.is(exitCode, 137, error);
  t.regex(out, /port undefined/);
  t.notRegex(out, /port ws/);
  t.is(error, "");
});

const withNohup = process.platform === "win32" || spawnSync("nohup", ["true"]).status !== 0 ? test.skip : test.serial;
for (const [how, shell] of [
  // The note that other shells leave.
  ["nohup", '_=nohup exec nohup "$@"'],
  ["a shell that ignores the signal", 'trap "" HUP; "$@"; exit $?'],
] as const) {
  withNohup(`outlives its terminal behind ${how} (skipped where there is no nohup)`, async (t) => {
    const runDir = `outliving-${how.split(" ")[0]}`;
    let epochs = 0;
    const { exitCode, out } = await behind(shell, [...settings(runDir, "0.01", "100000"), "--json"], (text, child) => {
      const now = text.split('"event":"evaluation"').length;
      if (now === epochs) return;
      epochs = now;
      process.kill(-child.pid!, now < 5 ? "SIGHUP" : "SIGTERM");
    });
    t.is(exitCode, 143);
    t.true(out.split('"event":"evaluation"').length >= 5);
  });
}

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
