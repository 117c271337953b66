import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { mayRun, ownIdentity } from "./process_identity.ts";
import { RunLock } from "./run_lock.ts";

const root = await mkdtemp(path.join(tmpdir(), "convoy-lock-"));
test.after.always(() => rm(root, { recursive: true, force: true }));
let folders = 0;

async function emptyFolder() {
  const name = `run-${folders++}`;
  await mkdir(path.join(root, name));
  return { path: path.join(root, name), name };
}

test("only one has the lock, and who lets go leaves nothing", async (t) => {
  const folder = await emptyFolder();
  const lock = RunLock.take(folder);
  const error = t.throws(() => RunLock.take(folder), { code: "RUN_LOCKED" });
  t.true(error.message.includes(`process ${process.pid} of ${hostname()} writes ${folder.name}`));
  t.deepEqual(await readdir(folder.path), ["lock-1"]);
  lock.release();
  t.deepEqual(await readdir(folder.path), []);
  RunLock.take(folder).release();
});

const own = ownIdentity();
const onUnix = process.platform === "win32" ? test.skip : test;
const linux = existsSync("/proc/self/stat") ? test : test.skip;

async function takenOver(owner: string): Promise<readonly string[]> {
  const folder = await emptyFolder();
  await writeFile(path.join(folder.path, "lock-7"), owner);
  const lock = RunLock.take(folder);
  const files = await readdir(folder.path);
  namesUs(await readFile(path.join(folder.path, files[0]), "utf8"));
  lock.release();
  return files;
}

/** The new owner's file names this process. */
function namesUs(text: string): void {
  if (JSON.parse(text).pid !== process.pid) throw new Error(text);
}

test("takes over from a process that was killed", async (t) => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const gone = { ...own, pid: child.pid!, started: undefined };
  t.true(mayRun(gone));
  child.kill("SIGKILL");
  await once(child, "exit");
  t.false(mayRun(gone));
  t.deepEqual(await takenOver(JSON.stringify(gone)), ["lock-1"]);
});

linux("takes over after a reboot, also where the process number is in use again (skipped without /proc)", async (t) => {
  t.deepEqual(await takenOver(JSON.stringify({ ...own, boot: "00000000-0000-0000-0000-000000000000" })), ["lock-1"]);
});

linux("takes over where another process got the number since (skipped without /proc)", async (t) => {
  t.deepEqual(await takenOver(JSON.stringify({ ...own, started: String(Number(own.started) - 1) })), ["lock-1"]);
});

linux("takes over from a process that has ended and whose parent sleeps (skipped without /proc)", async (t) => {
  // The shell becomes a program that never waits for its child.
  const script = "sleep 0.01 & echo $!; exec sleep 60";
  const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(parent.stdout, "data");
  const identity = { ...own, pid: Number(String(line)), started: undefined };
  while (mayRun(identity)) await new Promise((resolve) => setTimeout(resolve, 5));
  const status = await readFile(`/proc/${identity.pid}/stat`, "utf8");
  t.regex(status, /\) Z /);
  parent.kill("SIGKILL");
});

test("takes over where a power cut left no name, or something else", async (t) => {
  const texts = ["", "{", "null", "3", '{"machine":"x"}', `{"machine":"${hostname()}","pid":-1}`, " ".repeat(5000)];
  texts.push(JSON.stringify({ ...own, pid: 2 ** 40 }), JSON.stringify({ ...own, pid: 1.5 }));
  for (const text of texts) t.deepEqual(await takenOver(text), ["lock-1"], text);
});

test("does not judge processes of another machine, and says what to do", async (t) => {
  const folder = await emptyFolder();
  await writeFile(path.join(folder.path, "lock-1"), JSON.stringify({ machine: "elsewhere", pid: 1 }));
  const error = t.throws(() => RunLock.take(folder), { code: "RUN_LOCKED" });
  t.true(error.message.includes(`delete ${path.join(folder.path, "lock-1")}`));
});

test("no name of a lock is the last one", async (t) => {
  const folder = await emptyFolder();
  for (const number of ["999999999", "1", "0", "2"]) await writeFile(path.join(folder.path, `lock-${number}`), "");
  const locks = [RunLock.take(folder)];
  t.deepEqual(await readdir(folder.path), ["lock-3"]);
  for (const lock of locks) lock.release();
});

test("a lock that cannot be removed is a coded error, and leaves none of its own", async (t) => {
  const folder = await emptyFolder();
  await mkdir(path.join(folder.path, "lock-1"));
  const error = t.throws(() => RunLock.take(folder), { code: "RUN_LOCK_REMOVE" });
  t.true(error.message.includes(`${path.join(folder.path, "lock-1")} `));
  t.deepEqual(await readdir(folder.path), ["lock-1"]);
  await rm(path.join(folder.path, "lock-1"), { recursive: true });
  const lock = RunLock.take(folder);
  await rm(path.join(folder.path, "lock-1"));
  await mkdir(path.join(folder.path, "lock-1"));
  t.throws(() => lock.release(), { code: "RUN_LOCK_REMOVE" });
});

test("a folder that is not there is a coded error", (t) => {
  t.throws(() => RunLock.take({ path: path.join(root, "none"), name: "none" }), { code: "RUN_DIR_UNWRITABLE" });
});

onUnix("a lock that is a link or a pipe is nobody's, and what it names is left (skipped on Windows)", async (t) => {
  const folder = await emptyFolder();
  const outside = path.join(root, "outside");
  await writeFile(outside, JSON.stringify(own));
  await symlink(outside, path.join(folder.path, "lock-1"));
  t.is(spawnSync("mkfifo", [path.join(folder.path, "lock-2")]).status, 0);
  RunLock.take(folder).release();
  t.deepEqual(await readdir(folder.path), []);
  t.is(await readFile(outside, "utf8"), JSON.stringify(own));
});

linux("a process of another container may run, whatever has its number here (skipped without /proc)", async (t) => {
  const folder = await emptyFolder();
  const elsewhere = { ...own, pidNamespace: "pid:[1]", pid: 2 ** 30 };
  await writeFile(path.join(folder.path, "lock-1"), JSON.stringify(elsewhere));
  const error = t.throws(() => RunLock.take(folder), { code: "RUN_LOCKED" });
  t.regex(error.message, /another container of .* delete .*lock-1/);
  t.deepEqual(await readdir(folder.path), ["lock-1"]);
});

const apart = ["--pid", "--fork", "--map-root-user"];
const canSplit = process.platform === "linux" && spawnSync("unshare", [...apart, "true"]).status === 0;
(canSplit ? test : test.skip)(
  "of two processes in two PID namespaces only one has the lock (skipped without unshare)",
  async (t) => {
    const folder = await emptyFolder();
    const program = `
      import { RunLock } from ${JSON.stringify(new URL("run_lock.ts", import.meta.url).href)};
      let answer = "got it";
      try { RunLock.take(${JSON.stringify(folder)}); } catch (error) { answer = error.code; }
      process.stdout.write(answer);`;
    const argv = [...apart, process.execPath, "--input-type=module-typescript", "-e", program];
    const attempt = () => spawnSync("unshare", argv, { encoding: "utf8" }).stdout;
    const lock = RunLock.take(folder);
    t.is(attempt(), "RUN_LOCKED");
    lock.release();
    t.is(attempt(), "got it");
    t.throws(() => RunLock.take(folder), { code: "RUN_LOCKED" });
    t.is(attempt(), "RUN_LOCKED");
  },
);

test("of many that come at once for a lock that nobody has any more, never more than one gets it", async (t) => {
  const folder = await emptyFolder();
  await writeFile(path.join(folder.path, "lock-1"), JSON.stringify({ ...own, pid: 2 ** 30 }));
  const program = `
    import { RunLock } from ${JSON.stringify(new URL("run_lock.ts", import.meta.url).href)};
    process.stdin.once("data", () => {
      let answer = "got it";
      try { RunLock.take(${JSON.stringify(folder)}); } catch (error) { answer = error.code; }
      process.stdout.write(answer + "\\n");
    });
    process.stdin.once("end", () => process.exit());
    process.stdout.write("ready\\n");`;
  const argv = ["--input-type=module-typescript", "-e", program];
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "inherit"] }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout, "data")));
  for (const { stdin } of children) stdin.write("go");
  const answers = await Promise.all(children.map(async ({ stdout }) => String(await once(stdout, "data")).trim()));
  for (const { stdin } of children) stdin.end();
  t.true(answers.filter((answer) => answer === "got it").length <= 1, answers.join());
  t.true(
    answers.every((answer) => answer === "got it" || answer === "RUN_LOCKED"),
    answers.join(),
  );
});
